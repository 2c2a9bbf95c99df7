import Configuration
import Foundation
import SystemPackage

/// Settings of the environment and, where it has none, of a JSON file.
///
/// A dot in a name is an object within the object in the file. Lists are arrays in the file, and in
/// the environment they have commas.
struct Settings {
  private let reader: ConfigReader
  /// Those that somebody has set.
  private let given: Set<String>
  /// Variables with the prefix that are no settings: most likely misspelt.
  let strangers: [String]

  /// - Throws: `UsageError` for a file that is no JSON object or has settings that there are not.
  init(file path: String?, environment: [String: String]) async throws {
    let names = Dictionary(
      uniqueKeysWithValues: SettingNames.all.map { (SettingNames.variable($0), $0) })
    let own = environment.keys.filter { $0.hasPrefix("\(SettingNames.prefix)_".uppercased()) }
    strangers = own.filter { names[$0] == nil }.sorted()
    let variables = EnvironmentVariablesProvider(environmentVariables: environment)
      .prefixKeys(with: ConfigKey([SettingNames.prefix]))
    let fromVariables = Set(own.compactMap { names[$0] })
    guard let path else {
      reader = ConfigReader(provider: variables)
      given = fromVariables
      return
    }
    let fromFile = try Self.names(inFile: path)
    given = fromVariables.union(fromFile)
    do {
      reader = ConfigReader(providers: [
        variables, try await FileProvider<JSONSnapshot>(filePath: FilePath(path)),
      ])
    } catch {
      throw UsageError(description: "\(path): \(error)")
    }
  }

  private static func names(inFile path: String) throws(UsageError) -> Set<String> {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw UsageError(description: "\(path): cannot be read")
    }
    guard let object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw UsageError(description: "\(path): is no JSON object")
    }
    var names: Set<String> = []
    for (name, value) in object {
      guard let inner = value as? [String: Any] else {
        names.insert(name)
        continue
      }
      names.formUnion(inner.keys.map { "\(name).\($0)" })
    }
    let unknown = names.subtracting(SettingNames.all).sorted()
    guard unknown.isEmpty else {
      throw UsageError(
        description: "\(path): there is no setting '\(unknown[0])'; there are "
          + SettingNames.all.joined(separator: ", "))
    }
    return names
  }

  // MARK: Values; what an option gave comes first

  func text(_ name: String, _ option: String? = nil) throws(UsageError) -> String? {
    if let option { return option }
    return try value(name, "a text") { try reader.requiredString(forKey: $0) }
  }

  func number(_ name: String, _ option: Int? = nil) throws(UsageError) -> Int? {
    if let option { return option }
    return try value(name, "a whole number") { try reader.requiredInt(forKey: $0) }
  }

  func list(_ name: String, _ option: [String]) throws(UsageError) -> [String] {
    guard option.isEmpty else { return option }
    return try value(name, "a list of texts") { try reader.requiredStringArray(forKey: $0) } ?? []
  }

  /// The reader's own optional methods take a value of another type for none.
  private func value<Value>(
    _ name: String, _ kind: String, _ read: (ConfigKey) throws -> Value
  ) throws(UsageError) -> Value? {
    guard given.contains(name) else { return nil }
    do {
      return try read(ConfigKey(name.split(separator: ".").map(String.init)))
    } catch {
      throw UsageError(description: "the setting '\(name)' must be \(kind)")
    }
  }
}
