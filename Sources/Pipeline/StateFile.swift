import Contributions
import Crypto
import Foundation
import Profiles
import Relations

/// The bytes of an epoch's memory: a header, a line of JSON, the nodes, the tokens, a SHA-256.
///
/// ```
/// "ASSAYST1"                               8 bytes: format and version
/// u32 length, then that many bytes         JSON: profile, epoch, features, channels
/// u32 nodes, each:                         u16 length, identity; first and last epoch i64; verdict
///                                          u8; latitude and longitude f64 (NaN: none); moves u32;
///                                          u16 features, f32 each; u8 series, each: u8 channel,
///                                          first step i64, step i64, u16 values, f32 each
/// u64 tokens, each:                        hash u64, node u32
/// 32 bytes                                 SHA-256 of all before
/// ```
/// Little-endian throughout.
struct StateFile {
  let profile: String
  let memory: EpochMemory

  private static let magic = Array("ASSAYST1".utf8)

  private struct Header: Codable {
    let profile: String
    let epoch: Int64
    let features: [String]
    let channels: [String]
  }

  init(profile: String, memory: EpochMemory) {
    self.profile = profile
    self.memory = memory
  }

  var bytes: [UInt8] {
    let channels = Set(memory.nodes.flatMap { $0.series.map(\.channel) }).sorted()
    let header = CanonicalJSON.object([
      "profile": .string(profile), "epoch": .clamped(memory.epoch),
      "features": .array(memory.features.map { .string($0) }),
      "channels": .array(channels.map { .string($0) }),
    ]).bytes
    var out = StateBytes()
    out.bytes = Self.magic
    out.append(UInt32(header.count))
    out.bytes += header
    out.append(UInt32(memory.nodes.count))
    for node in memory.nodes { out.append(node, channels: channels) }
    out.append(UInt64(memory.tokens.count))
    for token in memory.tokens {
      out.append(token.hash)
      out.append(token.node)
    }
    return out.bytes + Array(SHA256.hash(data: out.bytes))
  }

  /// - Throws: `StateError` that says what is wrong with the bytes.
  init(bytes: [UInt8]) throws(StateError) {
    guard bytes.count >= Self.magic.count + 32 else { throw .damaged("it is cut short") }
    guard bytes.starts(with: Self.magic) else { throw .damaged("it is not of version 1") }
    let content = bytes[..<(bytes.count - 32)]
    guard Array(SHA256.hash(data: content)) == Array(bytes[(bytes.count - 32)...]) else {
      throw .damaged("its checksum does not hold")
    }
    var input = StateReader(bytes: content, position: Self.magic.count)
    let length = Int(try input.integer(UInt32.self))
    guard
      let header = try? JSONDecoder().decode(Header.self, from: Data(try input.take(length)))
    else { throw .damaged("its header is not what version 1 has") }
    var nodes: [NodeMemory] = []
    for _ in 0..<(try input.integer(UInt32.self)) {
      nodes.append(try input.node(channels: header.channels))
    }
    var tokens: [EpochMemory.Token] = []
    for _ in 0..<(try input.integer(UInt64.self)) {
      let token = EpochMemory.Token(
        hash: try input.integer(UInt64.self), node: try input.integer(UInt32.self))
      guard Int(token.node) < nodes.count else { throw .damaged("a token is nobody's") }
      tokens.append(token)
    }
    profile = header.profile
    memory = EpochMemory(
      epoch: header.epoch, features: header.features, nodes: nodes, tokens: tokens)
  }
}

/// Why a state cannot be used.
public enum StateError: Error, Equatable, CustomStringConvertible {
  case damaged(String)
  case unusable(path: String, reason: String)
  case cannotWrite(path: String, reason: String)
  /// A bundle was made with states that are not there.
  case missing(epoch: Int64, digest: String)

  public var description: String {
    switch self {
    case .damaged(let reason): reason
    case .unusable(let path, let reason):
      "\(path): cannot be used as state: \(reason); move it away to run without that day"
    case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason)"
    case .missing(let epoch, let digest):
      "the bundle was made with the state of epoch \(epoch) (\(digest)); give its folder with --state"
    }
  }
}

private struct StateBytes {
  var bytes: [UInt8] = []

  mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  mutating func append(_ value: Double) { append(value.bitPattern) }
  mutating func append(_ value: Float) { append(value.bitPattern) }

  mutating func append(_ node: NodeMemory, channels: [String]) {
    let name = Array(node.node.utf8)
    append(UInt16(clamping: name.count))
    bytes += name
    append(node.firstSeen)
    append(node.lastSeen)
    append(node.verdict)
    append(node.position?.latitude ?? .nan)
    append(node.position?.longitude ?? .nan)
    append(node.moves)
    append(UInt16(clamping: node.features.count))
    for value in node.features { append(value) }
    append(UInt8(clamping: node.series.count))
    for series in node.series {
      append(UInt8(clamping: channels.firstIndex(of: series.channel) ?? 0))
      append(series.firstStep)
      append(series.step)
      append(UInt16(clamping: series.values.count))
      for value in series.values { append(value) }
    }
  }
}

private struct StateReader {
  let bytes: ArraySlice<UInt8>
  var position: Int

  mutating func take(_ count: Int) throws(StateError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.endIndex - position else {
      throw .damaged("it is cut short")
    }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  mutating func integer<Value: FixedWidthInteger>(
    _ type: Value.Type
  ) throws(StateError) -> Value {
    var value: Value = 0
    let part = try take(MemoryLayout<Value>.size)
    for (place, byte) in part.enumerated() {
      value |= Value(truncatingIfNeeded: UInt64(byte) << UInt64(8 * place))
    }
    return value
  }

  mutating func double() throws(StateError) -> Double {
    Double(bitPattern: try integer(UInt64.self))
  }

  mutating func floats() throws(StateError) -> [Float] {
    let count = Int(try integer(UInt16.self))
    var values: [Float] = []
    values.reserveCapacity(count)
    for _ in 0..<count { values.append(Float(bitPattern: try integer(UInt32.self))) }
    return values
  }

  mutating func node(channels: [String]) throws(StateError) -> NodeMemory {
    let length = Int(try integer(UInt16.self))
    var node = NodeMemory(
      node: String(decoding: try take(length), as: UTF8.self), firstSeen: try integer(Int64.self),
      lastSeen: try integer(Int64.self), verdict: try integer(UInt8.self),
      position: Position(try double(), try double()), moves: try integer(UInt32.self),
      features: try floats(), series: [])
    for _ in 0..<(try integer(UInt8.self)) {
      let channel = Int(try integer(UInt8.self))
      guard channels.indices.contains(channel) else { throw .damaged("a series has no channel") }
      let firstStep = try integer(Int64.self)
      let step = try integer(Int64.self)
      guard step > 0 else { throw .damaged("a series has no step") }
      node.series.append(
        NodeSeries(
          channel: channels[channel], firstStep: firstStep, step: step, values: try floats()))
    }
    return node
  }
}
