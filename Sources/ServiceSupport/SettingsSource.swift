import Configuration
import Foundation
import SystemPackage

/// A setting that cannot be, or that there is not.
public struct SettingsError: Error, CustomStringConvertible {
  public let description: String

  public init(description: String) {
    self.description = description
  }
}

/// A file that was named and cannot be read.
public struct InputMissing: Error, CustomStringConvertible {
  public let path: String
  public var description: String { "\(path): no such file" }

  public init(path: String) {
    self.path = path
  }
}

/// The settings that a service has.
public struct SettingNames: Sendable {
  /// What stands before a setting's name in the environment, in small letters: `assayd`.
  public let prefix: String
  /// `port`, or `limits.workers`.
  public let all: [String]

  public init(prefix: String, _ all: [String]) {
    self.prefix = prefix
    self.all = all
  }

  /// The environment's name: `limits.workers` of `assayd` is `ASSAYD_LIMITS_WORKERS`.
  public func variable(_ name: String) -> String {
    "\(prefix)_\(name.replacing(".", with: "_"))".uppercased()
  }
}

/// Settings of the environment and, where it has none, of a file.
///
/// In the file, which is JSON, a dot in a name is an object within the object. Lists are arrays there,
/// and in the environment they have commas.
public struct SettingsSource {
  private let reader: ConfigReader
  private let present: Set<String>
  /// Variables that look like settings and are none: most likely misspelt.
  public let strangers: [String]

  /// - Throws: ``SettingsError`` for a file that is no JSON object, or has settings that there are
  ///   not: a misspelt one must not pass for none. ``InputMissing`` without the file.
  public init(_ names: SettingNames, file path: String?, environment: [String: String]) async throws
  {
    let variables = Dictionary(uniqueKeysWithValues: names.all.map { (names.variable($0), $0) })
    let own = environment.keys.filter { $0.hasPrefix("\(names.prefix)_".uppercased()) }
    strangers = own.filter { variables[$0] == nil }.sorted()
    let given = Set(own.compactMap { variables[$0] })
    let fromEnvironment = EnvironmentVariablesProvider(environmentVariables: environment)
      .prefixKeys(with: ConfigKey([names.prefix]))
    guard let path else {
      reader = ConfigReader(provider: fromEnvironment)
      present = given
      return
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InputMissing(path: path)
    }
    let found = try Self.names(in: data, path: path)
    if let unknown = found.subtracting(names.all).min() {
      throw SettingsError(
        description: "\(path): there is no setting '\(unknown)'; there are "
          + names.all.joined(separator: ", "))
    }
    present = given.union(found)
    do {
      reader = ConfigReader(providers: [
        fromEnvironment, try await FileProvider<JSONSnapshot>(filePath: FilePath(path)),
      ])
    } catch {
      throw SettingsError(description: "\(path): \(error)")
    }
  }

  private static func names(in json: Data, path: String) throws(SettingsError) -> Set<String> {
    guard let object = try? JSONSerialization.jsonObject(with: json) as? [String: Any] else {
      throw SettingsError(description: "\(path): is no JSON object")
    }
    var names: Set<String> = []
    func collect(_ object: [String: Any], below prefix: String) {
      for (name, value) in object {
        if let inner = value as? [String: Any] {
          collect(inner, below: "\(prefix)\(name).")
        } else {
          names.insert(prefix + name)
        }
      }
    }
    collect(object, below: "")
    return names
  }

  // MARK: Values; what an option gave comes first

  public func has(_ name: String) -> Bool { present.contains(name) }

  public func text(_ name: String, _ option: String? = nil) throws(SettingsError) -> String? {
    if let option { return option }
    return try value(name, "a text") { try reader.requiredString(forKey: $0) }
  }

  public func number(_ name: String, _ option: Int? = nil) throws(SettingsError) -> Int? {
    if let option { return option }
    return try value(name, "a whole number") { try reader.requiredInt(forKey: $0) }
  }

  public func flag(_ name: String, _ option: Bool? = nil) throws(SettingsError) -> Bool? {
    if let option { return option }
    return try value(name, "true or false") { try reader.requiredBool(forKey: $0) }
  }

  /// - Parameter option: empty where none was given.
  public func list(_ name: String, _ option: [String] = []) throws(SettingsError) -> [String]? {
    guard option.isEmpty else { return option }
    return try value(name, "a list of texts") { try reader.requiredStringArray(forKey: $0) }
  }

  /// The library's optional readings take a value of another kind for none; this tells it.
  private func value<Value>(
    _ name: String, _ kind: String, _ read: (ConfigKey) throws -> Value
  ) throws(SettingsError) -> Value? {
    guard present.contains(name) else { return nil }
    do {
      return try read(ConfigKey(name.split(separator: ".").map(String.init)))
    } catch {
      throw SettingsError(description: "the setting '\(name)' takes \(kind)")
    }
  }
}
