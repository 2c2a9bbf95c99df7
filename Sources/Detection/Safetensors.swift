import Contributions
import Foundation

/// A safetensors container: named arrays of doubles or 64-bit integers, and named strings.
///
/// Layout: u64 length of the header, little-endian; the header, JSON; the arrays' bytes, one after
/// another, little-endian (https://github.com/huggingface/safetensors). Names are sorted and the
/// header is padded with spaces to a multiple of eight, so that equal contents are equal bytes.
public struct Safetensors: Sendable, Equatable {
  public private(set) var doubles: [String: [Double]] = [:]
  public private(set) var integers: [String: [Int64]] = [:]
  public private(set) var strings: [String: String] = [:]

  public init() {}

  public mutating func set(_ name: String, _ values: [Double]) { doubles[name] = values }
  public mutating func set(_ name: String, _ values: [Int]) {
    integers[name] = values.map { Int64($0) }
  }
  public mutating func set(_ name: String, text: String) { strings[name] = text }
  public mutating func set(_ name: String, texts: [String]) {
    strings[name] = CanonicalJSON.array(texts.map { .string($0) }).text
  }

  /// The container's bytes.
  public var bytes: [UInt8] {
    var header: [String: CanonicalJSON] = [
      "__metadata__": .object(strings.mapValues { .string($0) })
    ]
    var body: [UInt8] = []
    for name in (Array(doubles.keys) + Array(integers.keys)).sorted() {
      let start = body.count
      let values = doubles[name]
      if let values {
        for value in values { Self.append(value.bitPattern, to: &body) }
      } else {
        for value in integers[name] ?? [] { Self.append(UInt64(bitPattern: value), to: &body) }
      }
      header[name] = .object([
        "dtype": .string(values == nil ? "I64" : "F64"),
        "shape": .array([.integer(Int64((body.count - start) / 8))]),
        "data_offsets": .array([.integer(Int64(start)), .integer(Int64(body.count))]),
      ])
    }
    var text = CanonicalJSON.object(header).bytes
    while text.count % 8 != 0 { text.append(32) }
    var output: [UInt8] = []
    Self.append(UInt64(text.count), to: &output)
    return output + text + body
  }

  private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
  }

  private struct Entry: Decodable {
    var dtype: String
    var shape: [Int]
    var dataOffsets: [Int]

    private enum CodingKeys: String, CodingKey {
      case dtype
      case shape
      case dataOffsets = "data_offsets"
    }
  }

  private struct Header: Decodable {
    var entries: [String: Entry] = [:]
    var metadata: [String: String] = [:]

    private struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }
  }

  /// Reads a container.
  ///
  /// - Throws: `DetectionError.badModel` for what is none, for arrays of other types or more than one
  ///   dimension, and for arrays that together are not as long as what follows the header.
  public init(bytes: [UInt8]) throws(DetectionError) {
    guard bytes.count >= 8 else { throw .badModel("the file is too short") }
    let length = Self.word(bytes, 0)
    guard length <= UInt64(bytes.count - 8) else { throw .badModel("the header is cut off") }
    let start = 8 + Int(length)
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: Data(bytes[8..<start]))
    } catch {
      throw .badModel("the header is not that of a safetensors file")
    }
    strings = header.metadata
    var unread = bytes.count - start
    for (name, entry) in header.entries {
      guard entry.dataOffsets.count == 2, let first = entry.dataOffsets.first,
        let last = entry.dataOffsets.last, first >= 0, first <= last, last <= bytes.count - start
      else { throw .badModel("the array \(name) lies outside the file") }
      unread -= last - first
      guard (last - first) % 8 == 0, entry.shape == [(last - first) / 8], unread >= 0 else {
        throw .badModel("the array \(name) is not as long as its shape, or lies over another")
      }
      let words = stride(from: start + first, to: start + last, by: 8).map {
        Self.word(bytes, $0)
      }
      switch entry.dtype {
      case "F64": doubles[name] = words.map { Double(bitPattern: $0) }
      case "I64": integers[name] = words.map { Int64(bitPattern: $0) }
      default: throw .badModel("the array \(name) is of type \(entry.dtype)")
      }
    }
    guard unread == 0 else { throw .badModel("\(unread) bytes belong to no array") }
  }

  private static func word(_ bytes: [UInt8], _ start: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<8 { value |= UInt64(bytes[start + index]) << UInt64(8 * index) }
    return value
  }
}

extension Safetensors {
  func array(_ name: String, count: Int? = nil) throws(DetectionError) -> [Double] {
    guard let values = doubles[name], count.map({ $0 == values.count }) ?? true else {
      throw .badModel("the array \(name) is missing or has another length")
    }
    return values
  }

  func finite(_ name: String) throws(DetectionError) -> [Double] {
    let values = try array(name)
    guard values.allSatisfy(\.isFinite) else {
      throw .badModel("the array \(name) has values that are not finite")
    }
    return values
  }

  func single(_ name: String) throws(DetectionError) -> Double {
    let values = try finite(name)
    guard let value = values.first, values.count == 1 else {
      throw .badModel("the array \(name) is not one number")
    }
    return value
  }

  func singleIndex(_ name: String) throws(DetectionError) -> Int {
    let values = try indices(name)
    guard let value = values.first, values.count == 1 else {
      throw .badModel("the array \(name) is not one number")
    }
    return value
  }

  func indices(_ name: String) throws(DetectionError) -> [Int] {
    guard let values = integers[name] else { throw .badModel("the array \(name) is missing") }
    return values.map { Int($0) }
  }

  public func text(_ name: String) throws(DetectionError) -> String {
    guard let text = strings[name] else { throw .badModel("the entry \(name) is missing") }
    return text
  }

  public func texts(_ name: String) throws(DetectionError) -> [String] {
    let text = try text(name)
    guard let texts = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
      throw .badModel("the entry \(name) is not a list of strings")
    }
    return texts
  }
}
