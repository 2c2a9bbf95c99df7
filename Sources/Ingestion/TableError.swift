/// Why a file could not be read as a table of numbers.
public enum TableError: Error, CustomStringConvertible, Equatable {
  /// A file that cannot be opened or read.
  case unreadable(file: String, reason: String)
  /// Compressed data that end too early or are not what their checksum says.
  case damaged(file: String, reason: String)
  /// No column, or no row, to make a table of.
  case empty(file: String, reason: String)
  /// A column to be ignored that the table does not have, and those it has.
  case noSuchColumn(file: String, name: String, columns: [String])
  /// A table whose numbers, or those of its first rows, fill most of this machine's memory.
  case tooLarge(file: String, rows: Int, columns: Int)
  /// What is wrong, and on which line, counted from 1.
  case malformed(file: String, line: Int, problem: TableProblem)

  public var description: String {
    switch self {
    case .unreadable(let file, let reason):
      "\(file): cannot be read: \(reason)"
    case .damaged(let file, let reason), .empty(let file, let reason):
      "\(file): \(reason)"
    case .noSuchColumn(let file, let name, let columns):
      "\(file): there is no column \(SafeText.quoted(name)) to ignore; the columns are "
        + SafeText.list(columns)
    case .tooLarge(let file, let rows, let columns):
      "\(file): \(rows) rows of \(columns) columns are too much for this machine's memory"
    case .malformed(let file, let line, let problem):
      "\(file), line \(line): \(problem)"
    }
  }
}

/// What is wrong at one place of a table.
public enum TableProblem: Sendable, CustomStringConvertible, Equatable {
  /// Text, already made safe to print, where a number should be.
  case notNumber(column: String, text: String)
  /// An infinity, in words or by a number beyond the largest double.
  case infinite(column: String)
  /// An array or an object where a number should be.
  case nested(column: String)
  /// A row of another number of fields than the first.
  case ragged(fields: Int, expected: Int)
  /// A quoted field that begins on this line and never ends.
  case openQuote
  /// Something between a closing quote and the end of its field.
  case badQuote
  /// A row longer than a row may be.
  case tooLong
  /// A first row that some other delimiter seems to cut.
  case notCommaSeparated
  /// A column, counted from 1, without a name.
  case nameless(column: Int)
  /// A column, counted from 1, whose name is not UTF-8.
  case badName(column: Int)
  /// A name that two columns have, or two members of an object.
  case duplicate(column: String)
  /// A line that is not one JSON object.
  case notJSON(reason: String)

  public var description: String {
    switch self {
    case .notNumber(let column, let text):
      "column \(SafeText.quoted(column)): \"\(text)\" is not a number; "
        + Self.advice(column)
    case .infinite(let column):
      "column \(SafeText.quoted(column)): the number is infinite or beyond the largest double; "
        + "leave the field empty where a value is missing"
    case .nested(let column):
      "column \(SafeText.quoted(column)): an array or an object is not a number; "
        + Self.advice(column)
    case .ragged(let fields, let expected):
      "the row has \(fields) \(fields == 1 ? "field" : "fields"), expected \(expected)"
    case .openQuote:
      "a quoted field begins here and never ends (a row may have "
        + "\(TableStream.longestRow >> 20) MiB)"
    case .badQuote:
      "behind a field's closing quote must stand a comma or the end of the line; "
        + "quotes within a field are doubled"
    case .tooLong:
      "the row is longer than \(TableStream.longestRow >> 20) MiB"
    case .notCommaSeparated:
      "the table must be comma separated; its first row is one field with a semicolon or a tab in it"
    case .nameless(let column):
      "column \(column) has no name"
    case .badName(let column):
      "the name of column \(column) is not UTF-8"
    case .duplicate(let column):
      "column \(SafeText.quoted(column)) stands more than once"
    case .notJSON(let reason):
      reason
    }
  }

  private static func advice(_ column: String) -> String {
    "--ignore \(SafeText.cut(column)) skips the column"
  }
}

/// Text of strangers in messages: of bounded length, and nothing in it that moves a cursor.
enum SafeText {
  static let longest = 40

  static func cut(_ text: some StringProtocol) -> String {
    let scalars = text.unicodeScalars
    let shown = scalars.prefix(longest).map(visible).joined()
    return shown + (scalars.dropFirst(longest).isEmpty ? "" : "…")
  }

  static func quoted(_ text: String) -> String { "\"\(cut(text))\"" }

  static func list(_ names: [String]) -> String {
    let shown = names.prefix(longest).map(quoted).joined(separator: ", ")
    return names.count > longest ? shown + " and \(names.count - longest) more" : shown
  }

  private static func visible(_ scalar: Unicode.Scalar) -> String {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator:
      "\\u{\(String(scalar.value, radix: 16))}"
    default:
      String(scalar)
    }
  }
}
