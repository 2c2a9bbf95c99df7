import CSimdjson
import Contributions
import Glibc

/// Reads a line as a JSON object and finds the fields whose names it knows.
struct JSONLineReader: ~Copyable {
  /// More known fields than that in one line are refused: repeats, since no profile has so many.
  private static let fieldCapacity = 512

  private let reader: OpaquePointer
  /// The known fields of the line just read, the first `count` of them.
  let fields: UnsafeMutablePointer<assay_json_field>
  private(set) var count = 0
  /// Fields of that line whose names are not known.
  private(set) var unknown = 0

  /// Returns `nil` when memory is short.
  init?(names: [String], longestLine: Int) {
    let copies = names.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    let pointers = copies.compactMap { $0.map { UnsafePointer<CChar>($0) } }
    guard pointers.count == names.count else { return nil }
    let reader = pointers.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.flatMap {
        assay_json_reader_new($0, names.count, longestLine + Int(ASSAY_JSON_PADDING))
      }
    }
    guard let reader else { return nil }
    self.reader = reader
    fields = .allocate(capacity: Self.fieldCapacity)
  }

  deinit {
    assay_json_reader_free(reader)
    fields.deallocate()
  }

  /// Reads a line of `length` bytes; `ASSAY_JSON_PADDING` bytes behind it must be readable.
  ///
  /// - Returns: what is wrong with the line as JSON, or `nil`.
  mutating func read(_ text: UnsafePointer<UInt8>, length: Int) -> RecordParser.Outcome? {
    let code = assay_json_read(
      reader, text, length, fields, Self.fieldCapacity, &count, &unknown)
    return code == ASSAY_JSON_OK ? nil : Self.rejection(code)
  }

  private static func rejection(_ code: Int32) -> RecordParser.Outcome {
    switch Int(code) {
    case ASSAY_JSON_NOT_OBJECT: .rejected(.notAnObject, detail: "the line is not a JSON object")
    case ASSAY_JSON_TOO_DEEP: .rejected(.tooDeep, detail: "values nest too deep")
    case ASSAY_JSON_BAD_UTF8: .rejected(.invalidUTF8, detail: "the line is not UTF-8")
    case ASSAY_JSON_BAD_NUMBER:
      .rejected(.badNumber, detail: "a number is malformed or too large for a double")
    case ASSAY_JSON_BAD_STRING:
      .rejected(.badString, detail: "a string is not closed or holds a bad escape")
    case ASSAY_JSON_TOO_MANY_FIELDS:
      .rejected(.tooManyFields, detail: "more than \(fieldCapacity) known fields")
    default: .rejected(.notJSON, detail: "the line is not JSON")
    }
  }
}
