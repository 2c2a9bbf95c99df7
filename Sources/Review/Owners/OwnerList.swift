import Contributions
import Crypto
import Foundation

/// Whose nodes are whose, as a file of two columns says.
///
/// RFC 4180: fields may stand in quotes, a quote within them twice; lines end with CRLF or LF. The
/// first line is `node,owner`, or already a pair. Nodes and owners are any text: both come from
/// outside, and nothing of them is looked into.
public struct OwnerList: Sendable, Equatable {
  /// Largest file, in bytes: a hundred for each of a million nodes.
  public static let sizeLimit = 100_000_000
  /// Longest owner's name, in bytes.
  static let nameLimit = 500

  let pairs: [(node: String, owner: String)]
  /// SHA-256 of the file.
  let digest: String

  public static func == (left: OwnerList, right: OwnerList) -> Bool {
    left.digest == right.digest
  }

  public var count: Int { pairs.count }

  /// Reads the file's bytes.
  ///
  /// - Throws: `ReviewError.badInput` with the line of what is no pair, of a node that stands twice
  ///   with different owners, or of an owner that is empty or too long.
  public init(csv bytes: [UInt8]) throws(ReviewError) {
    guard bytes.count <= Self.sizeLimit else { throw .badInput("the list is too long") }
    // Programs that write for spreadsheets put a mark of their own first.
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    var reader = CSVReader(bytes: bytes, position: start)
    var pairs: [(node: String, owner: String)] = []
    var owners: [[UInt8]: [UInt8]] = [:]
    while let (line, fields) = try reader.next() {
      guard fields.count == 2, let node = String(validating: fields[0], as: UTF8.self),
        let owner = String(validating: fields[1], as: UTF8.self), !fields[0].isEmpty
      else { throw .badInput("line \(line) is no pair of a node and its owner") }
      if line == 1, node == "node", owner == "owner" { continue }
      guard !owner.isEmpty, fields[1].count <= Self.nameLimit else {
        throw .badInput("line \(line) has an owner that is empty or too long")
      }
      if let other = owners.updateValue(fields[1], forKey: fields[0]) {
        guard other == fields[1] else {
          throw .badInput("line \(line) gives a node another owner than a line before")
        }
        continue
      }
      pairs.append((node, owner))
    }
    self.pairs = pairs
    digest = Hex.encode(Array(SHA256.hash(data: bytes)))
  }
}

/// The lines of a CSV file, as fields of bytes.
private struct CSVReader {
  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")

  let bytes: [UInt8]
  var position: Int
  private var line = 0

  init(bytes: [UInt8], position: Int) {
    self.bytes = bytes
    self.position = position
  }

  /// The next line that is not empty, with its number; a line within quotes is no line of its own.
  mutating func next() throws(ReviewError) -> (line: Int, fields: [[UInt8]])? {
    while position < bytes.count {
      line += 1
      let fields = try record()
      if fields != [[]] { return (line, fields) }
    }
    return nil
  }

  private mutating func record() throws(ReviewError) -> [[UInt8]] {
    var fields: [[UInt8]] = []
    while true {
      fields.append(
        position < bytes.count && bytes[position] == Self.quote ? try quoted() : plain())
      guard position < bytes.count else { return fields }
      let end = bytes[position]
      position += 1
      if end == Self.comma { continue }
      if end == 10 { return fields }
      guard end == 13, position >= bytes.count || bytes[position] == 10 else {
        throw .badInput("line \(line) has text after a quote")
      }
      position = min(position + 1, bytes.count)
      return fields
    }
  }

  private mutating func plain() -> [UInt8] {
    let start = position
    while position < bytes.count, bytes[position] != Self.comma, bytes[position] != 10 {
      if bytes[position] == 13, position + 1 >= bytes.count || bytes[position + 1] == 10 { break }
      position += 1
    }
    return Array(bytes[start..<position])
  }

  private mutating func quoted() throws(ReviewError) -> [UInt8] {
    var field: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      guard byte == Self.quote else {
        field.append(byte)
        continue
      }
      guard position < bytes.count, bytes[position] == Self.quote else { return field }
      field.append(Self.quote)
      position += 1
    }
    throw .badInput("line \(line) has a quote that does not end")
  }
}
