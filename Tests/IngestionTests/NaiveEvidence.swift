import Crypto
import Foundation

func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

/// A record and its canonical bytes, put together plainly from their definition: an oracle that
/// shares no code with the sources.
struct NaiveRecord {
  enum Value {
    case number(Double)
    case string(String)
    case boolean(Bool)
  }

  var timestamp: Int64
  var node: String
  var kind: String
  var fields: [String: Value]

  /// A line of the log, fields in the order that `order` gives.
  func line(order: [String]? = nil) -> String {
    var members = [
      "ts": "\(timestamp)", "node": Self.quoted(node), "kind": Self.quoted(kind),
    ]
    for (name, value) in fields {
      switch value {
      case .number(let number): members[name] = "\(number)"
      case .string(let text): members[name] = Self.quoted(text)
      case .boolean(let flag): members[name] = flag ? "true" : "false"
      }
    }
    let names = order ?? members.keys.sorted()
    return "{" + names.map { "\"\($0)\":\(members[$0]!)" }.joined(separator: ",") + "}"
  }

  var names: [String] { ["ts", "node", "kind"] + fields.keys.sorted() }

  private static func quoted(_ text: String) -> String {
    "\""
      + text.replacingOccurrences(of: "\\", with: "\\\\")
      .replacingOccurrences(of: "\"", with: "\\\"") + "\""
  }

  var canonical: Data {
    var data = Self.bytes(of: timestamp) + Self.bytes(of: UInt16(kind.utf8.count)) + kind.utf8
    for name in fields.keys.sorted(by: { Data($0.utf8).lexicographicallyPrecedes($1.utf8) }) {
      data += Self.bytes(of: UInt16(name.utf8.count)) + Array(name.utf8)
      switch fields[name]! {
      case .number(let number):
        data += [0] + Self.bytes(of: (number == 0 ? 0.0 : number).bitPattern)
      case .string(let text):
        data += [1] + Self.bytes(of: UInt32(text.utf8.count)) + Array(text.utf8)
      case .boolean(let flag): data += [2, flag ? 1 : 0]
      }
    }
    return data
  }

  private static func bytes<Number: FixedWidthInteger>(of number: Number) -> Data {
    withUnsafeBytes(of: number.littleEndian) { Data($0) }
  }

  /// The evidence of each node: SHA-256 over its distinct canonical records by time, then bytes,
  /// each behind its length.
  static func evidence(of records: [NaiveRecord]) -> [[UInt8]: [UInt8]] {
    var result: [[UInt8]: [UInt8]] = [:]
    for (node, own) in Dictionary(grouping: records, by: { Array($0.node.utf8) }) {
      let distinct = Dictionary(own.map { ($0.canonical, $0.timestamp) }) { first, _ in first }
      let sorted = distinct.sorted { left, right in
        left.value == right.value
          ? left.key.lexicographicallyPrecedes(right.key) : left.value < right.value
      }
      let hashed = sorted.reduce(Data()) { $0 + bytes(of: UInt32($1.key.count)) + $1.key }
      result[node] = Array(SHA256.hash(data: hashed))
    }
    return result
  }
}
