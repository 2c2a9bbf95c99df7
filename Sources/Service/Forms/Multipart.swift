/// Reads `multipart/form-data` (RFC 7578): how browsers send a form with a file.
enum Multipart {
  private static let maximumParts = 64

  /// The boundary of a content type; `nil` for another type.
  static func boundary(of contentType: String) -> String? {
    let parts = contentType.split(separator: ";").map { trimmed($0) }
    guard parts.first?.lowercased() == "multipart/form-data" else { return nil }
    for part in parts.dropFirst() where part.lowercased().hasPrefix("boundary=") {
      let value = part.dropFirst("boundary=".count).filter { $0 != "\"" }
      return value.isEmpty || value.utf8.count > 70 ? nil : value
    }
    return nil
  }

  /// - Throws: `Refusal.badInput` for what has no such form.
  static func form(_ bytes: [UInt8], boundary: String) throws(Refusal) -> Form {
    var form = Form()
    let mark = Array("--\(boundary)".utf8)
    var starts: [Int] = []
    for index in occurrences(of: mark, in: bytes)
    where index == 0 || (index >= 2 && bytes[index - 2] == 13 && bytes[index - 1] == 10) {
      starts.append(index)
    }
    guard starts.count >= 2, starts.count <= maximumParts else {
      throw .badInput("The form did not arrive whole.")
    }
    for (start, end) in zip(starts, starts.dropFirst()) {
      // From after the boundary's line to before the line feed of the next one.
      let from = start + mark.count + 2
      guard from <= end - 2 else { throw .badInput("The form did not arrive whole.") }
      try add(Array(bytes[from..<(end - 2)]), to: &form)
    }
    return form
  }

  private static func add(_ part: [UInt8], to form: inout Form) throws(Refusal) {
    guard let split = occurrences(of: [13, 10, 13, 10], in: part).first,
      let name = name(inHead: String(decoding: part[..<split], as: UTF8.self))
    else { throw .badInput("The form did not arrive whole.") }
    let content = Array(part[(split + 4)...])
    if name.isFile {
      form.files[name.field] = content
    } else {
      form.add(name.field, try Form.text(content))
    }
  }

  private static func name(inHead head: String) -> (field: String, isFile: Bool)? {
    for line in head.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ";").map { trimmed($0) }
      guard parts.first?.lowercased() == "content-disposition: form-data" else { continue }
      let field = parts.first { $0.hasPrefix("name=\"") }?.dropFirst(6).dropLast()
      guard let field, !field.isEmpty else { return nil }
      return (String(field), parts.contains { $0.hasPrefix("filename=") })
    }
    return nil
  }

  private static func trimmed(_ text: some StringProtocol) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  /// Where `pattern` begins in `bytes`.
  private static func occurrences(of pattern: [UInt8], in bytes: [UInt8]) -> [Int] {
    guard let first = pattern.first, bytes.count >= pattern.count else { return [] }
    var found: [Int] = []
    var index = 0
    while let next = bytes[index...].firstIndex(of: first) {
      guard next + pattern.count <= bytes.count else { break }
      if bytes[next..<(next + pattern.count)].elementsEqual(pattern) {
        found.append(next)
        index = next + pattern.count
      } else {
        index = next + 1
      }
      if index >= bytes.count { break }
    }
    return found
  }
}
