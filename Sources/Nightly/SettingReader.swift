import Foundation

/// The settings of one section, with those of `all` where it has none, by name.
final class SettingReader {
  private let values: [String: SettingValue]
  private var read: Set<String> = []

  init(json: [UInt8], section: String) throws(NightlyError) {
    let sections: [String: [String: SettingValue]]
    do {
      sections = try JSONDecoder().decode(
        [String: [String: SettingValue]].self, from: Data(json))
    } catch {
      throw .unusable("it is no JSON object of sections, each an object of settings")
    }
    guard section != "all", let own = sections[section] else {
      throw .unusable("there is no section '\(section)'")
    }
    values = (sections["all"] ?? [:]).merging(own) { _, own in own }
  }

  /// Text; `nil` where there is none, or an empty one: so a section takes back what `all` gives.
  func text(_ name: String) throws(NightlyError) -> String? {
    switch value(name) {
    case nil: return nil
    case .text(let text): return text.isEmpty ? nil : text
    default: throw .unusable("'\(name)' is no text")
    }
  }

  /// A list of texts: a command with its arguments, or several names.
  func words(_ name: String) throws(NightlyError) -> [String]? {
    switch value(name) {
    case nil: return nil
    case .words(let words): return words
    default: throw .unusable("'\(name)' is no list of texts, such as [\"command\", \"argument\"]")
    }
  }

  func number(_ name: String) throws(NightlyError) -> Double? {
    switch value(name) {
    case nil: return nil
    case .number(let number):
      if number < 0 { throw .unusable("'\(name)' is below zero") }
      return number
    default: throw .unusable("'\(name)' is no number")
    }
  }

  func whole(_ name: String) throws(NightlyError) -> Int? {
    guard let number = try number(name) else { return nil }
    guard let whole = Int(exactly: number) else {
      throw .unusable("'\(name)' is no whole number")
    }
    return whole
  }

  /// - Throws: names of settings that nothing has asked for: they would have no effect.
  func refuseUnread(section: String) throws(NightlyError) {
    let unknown = Set(values.keys).subtracting(read).sorted()
    if !unknown.isEmpty {
      throw .unusable("'\(section)' has no setting \(unknown.joined(separator: ", "))")
    }
  }

  private func value(_ name: String) -> SettingValue? {
    read.insert(name)
    return values[name]
  }
}

/// What a setting may be.
private enum SettingValue: Decodable {
  case text(String)
  case number(Double)
  case words([String])
  /// Something that no setting is.
  case other

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let words = try? container.decode([String].self) {
      self = .words(words)
    } else {
      self = .other
    }
  }
}
