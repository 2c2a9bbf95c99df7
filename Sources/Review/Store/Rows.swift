import Contributions
import Foundation
import GRDB
import Verdicts

extension String {
  /// What the store keeps of texts that may hold any character.
  var stored: Data { Data(utf8) }

  init(stored data: Data) {
    self = String(decoding: data, as: UTF8.self)
  }
}

extension Row {
  func date(_ column: String) -> Date { Date(milliseconds: self[column]) }

  func dateIfPresent(_ column: String) -> Date? {
    (self[column] as Int64?).map(Date.init(milliseconds:))
  }

  func text(_ column: String) -> String { String(stored: self[column]) }

  /// A value of an enumeration.
  ///
  /// - Throws: `ReviewError.database` for one that this program did not write.
  func value<Value: RawRepresentable<String>>(
    _ column: String, _ type: Value.Type = Value.self
  ) throws -> Value {
    let text: String = self[column]
    guard let value = Value(rawValue: text) else {
      throw ReviewError.database("column \(column) has a value that is not known")
    }
    return value
  }
}

extension Person {
  static let columns = "id, name, role, is_active"

  init(_ row: Row) throws {
    self.init(
      id: row["id"], name: row["name"], role: try row.value("role"), isActive: row["is_active"])
  }

  static func fetch(_ db: Database, id: Int64) throws -> Person? {
    try Row.fetchOne(
      db, sql: "SELECT \(columns) FROM person WHERE id = ?", arguments: [id]
    ).map(Person.init)
  }

  /// Everybody, by number, for what names many of them.
  static func all(_ db: Database) throws -> [Int64: Person] {
    let people = try Row.fetchAll(db, sql: "SELECT \(columns) FROM person").map(Person.init)
    return Dictionary(uniqueKeysWithValues: people.map { ($0.id, $0) })
  }
}

extension [Int64: Person] {
  /// The person of a column that is never empty.
  func named(_ id: Int64) throws -> Person {
    guard let person = self[id] else { throw ReviewError.database("person \(id) is missing") }
    return person
  }
}

/// Texts that people type.
enum Typed {
  /// - Throws: `ReviewError.badInput` for what is too long, or has characters that are no text.
  static func text(_ text: String, upTo limit: Int) throws -> String {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard trimmed.utf8.count <= limit else {
      throw ReviewError.badInput("the text is longer than \(limit) bytes")
    }
    let isText = trimmed.unicodeScalars.allSatisfy { scalar in
      scalar.value >= 0x20 && scalar.value != 0x7F || scalar == "\n" || scalar == "\r"
        || scalar == "\t"
    }
    guard isText else { throw ReviewError.badInput("the text has control characters") }
    return trimmed
  }

  /// - Throws: `ReviewError.needsComment` for nothing, and as `text(_:upTo:)`.
  static func comment(_ comment: String) throws -> String {
    let text = try Self.text(comment, upTo: 10_000)
    guard !text.allSatisfy(\.isWhitespace) else { throw ReviewError.needsComment }
    return text
  }
}
