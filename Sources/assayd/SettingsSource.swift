import Configuration
import Foundation
import SystemPackage

/// A setting that cannot be: exit code 2.
struct SettingsError: Error, CustomStringConvertible {
  let description: String
}

/// Settings of the environment and of a file, in this order.
///
/// In the environment a setting is `ASSAYD_` and its name in capitals with `_` for `.`, lists with
/// commas; in the file, which is JSON, a dot is an object within the object.
struct SettingsSource {
  static let prefix = "ASSAYD_"

  /// Every setting there is.
  static let names = [
    "store", "host", "port", "bundles", "import", "logs", "profile_files", "secure_cookies",
    "behind_proxy", "requests_per_minute", "passwords", "metrics_token_file", "identity.header",
    "identity.issuer", "identity.audience", "identity.keys", "identity.name_claim",
    "identity.groups_claim", "identity.roles", "identity.leeway_seconds", "identity.sign_out",
  ]

  private let reader: ConfigReader
  private let present: Set<String>
  /// Variables that look like settings and are none.
  let strangers: [String]

  /// - Throws: ``SettingsError`` for a file that is no JSON object, or has settings that there are
  ///   not: a misspelt one must not pass for none. ``InputMissing`` without a file.
  init(file path: String?, environment: [String: String]) async throws {
    let variables = Dictionary(
      uniqueKeysWithValues: Self.names.map { (Self.variable($0), $0) })
    let named = environment.keys.filter { $0.hasPrefix(Self.prefix) }
    strangers = named.filter { variables[$0] == nil }.sorted()
    var present = Set(named.compactMap { variables[$0] })
    let fromEnvironment = EnvironmentVariablesProvider(environmentVariables: environment)
      .prefixKeys(with: "assayd")
    guard let path else {
      reader = ConfigReader(provider: fromEnvironment)
      self.present = present
      return
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw InputMissing(path: path)
    }
    let found = try Self.names(in: data, path: path)
    let unknown = found.subtracting(Self.names)
    guard unknown.isEmpty else {
      let list = unknown.sorted().joined(separator: ", ")
      throw SettingsError(description: "\(path): there is no setting called \(list)")
    }
    present.formUnion(found)
    self.present = present
    do {
      reader = ConfigReader(providers: [
        fromEnvironment, try await FileProvider<JSONSnapshot>(filePath: FilePath(path)),
      ])
    } catch {
      throw SettingsError(description: "\(path): \(error)")
    }
  }

  static func variable(_ name: String) -> String {
    prefix + name.uppercased().replacing(".", with: "_")
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

  // MARK: Values

  func has(_ name: String) -> Bool { present.contains(name) }

  func text(_ name: String) throws(SettingsError) -> String? {
    try value(name, "a text") { try reader.requiredString(forKey: $0) }
  }

  func number(_ name: String) throws(SettingsError) -> Int? {
    try value(name, "a whole number") { try reader.requiredInt(forKey: $0) }
  }

  func flag(_ name: String) throws(SettingsError) -> Bool? {
    try value(name, "true or false") { try reader.requiredBool(forKey: $0) }
  }

  func list(_ name: String) throws(SettingsError) -> [String]? {
    try value(name, "a list of texts") { try reader.requiredStringArray(forKey: $0) }
  }

  /// The library's optional readings take a value of another kind for none; this tells it.
  private func value<Value>(
    _ name: String, _ kind: String, _ read: (ConfigKey) throws -> Value
  ) throws(SettingsError) -> Value? {
    guard present.contains(name) else { return nil }
    do {
      return try read(ConfigKey(name.split(separator: ".").map(String.init)))
    } catch {
      throw SettingsError(description: "the setting \(name) takes \(kind)")
    }
  }
}
