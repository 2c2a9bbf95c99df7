import CIsal
import CZstd
import Contributions
import Foundation
import Ingestion
import Testing

/// SplitMix64 (Steele, Lea and Flood 2014): a seeded generator for reproducible property loops.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A temporary folder, gone with its last reference.
final class Folder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "assay-ingestion-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes a file, its folders too, and returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], _ name: String = "log.ndjson") throws -> String {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  @discardableResult
  func write(_ text: String, _ name: String = "log.ndjson") throws -> String {
    try write(Array(text.utf8), name)
  }
}

/// What reading a log came to; equal when everything a bundle holds of it is equal.
struct Reading: Equatable {
  struct Node: Equatable {
    var name: [UInt8]
    var evidence: [UInt8]
    var counts: [Int]
  }

  var epoch: Epoch
  var nodes: [Node]
  var books: Books
  var quarantine: [QuarantinedRecord]
}

/// Reads `paths` to the end and checks that the books balance.
func read(
  _ paths: [String], as schema: ProfileSchema = .environment,
  selection: EpochSelection = .all, memory: Int = 1 << 28, tasks: Int = 2
) async throws -> Reading {
  let reader = LogReader(schema: schema, selection: selection, memoryLimit: memory, tasks: tasks)
  let log = try await reader.read(try LogFile.find(paths))
  let nodes = try await log.mapNodes { records in
    Reading.Node(
      name: Array(records.node.utf8), evidence: records.evidence,
      counts: records.tables.map(\.count))
  }
  #expect(nodes.map(\.name) == log.nodes.map { Array($0.utf8) })
  let reading = Reading(
    epoch: log.epoch, nodes: nodes, books: log.books, quarantine: try log.quarantined())
  expectBalance(reading)
  return reading
}

private func expectBalance(_ reading: Reading) {
  let books = reading.books
  #expect(books.read == books.used + books.duplicate + books.quarantined)
  #expect(books.files.reduce(0) { $0 + $1.records } == books.read)
  #expect(books.quarantined == reading.quarantine.count)
  #expect(reading.nodes.reduce(0) { $0 + $1.counts.reduce(0, +) } == books.used)
}

/// A valid record of the profile `environment`, which the tests use where any would do.
func reading(
  _ number: Int, node: String = "n", at milliseconds: Int? = nil, extra: String = ""
) -> String {
  let time = milliseconds ?? 1_763_596_800_000 + number
  return #"{"ts":\#(time),"node":"\#(node)","kind":"reading","temp_c":\#(number % 50)\#(extra)}"#
}

/// `count` valid records, a line each, of a handful of nodes.
func readings(_ count: Int) -> String {
  (0..<count).map { reading($0, node: "node \($0 % 7)") + "\n" }.joined()
}

/// One gzip member with `bytes`.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = isal_zstream()
  isal_deflate_stateless_init(&stream)
  stream.gzip_flag = UInt16(IGZIP_GZIP)
  stream.end_of_stream = 1
  var input = bytes
  var output = [UInt8](repeating: 0, count: bytes.count + bytes.count / 8 + 1024)
  let room = output.count
  let code = input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(target.count)
      return isal_deflate_stateless(&stream)
    }
  }
  precondition(code == COMP_OK)
  return Array(output[..<(room - Int(stream.avail_out))])
}

/// One Zstandard frame with `bytes`.
func zstandard(_ bytes: [UInt8]) -> [UInt8] {
  var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
  let count = ZSTD_compress(&output, output.count, bytes, bytes.count, 1)
  precondition(ZSTD_isError(count) == 0)
  return Array(output[..<count])
}

func gzip(_ text: String) -> [UInt8] { gzip(Array(text.utf8)) }
func zstandard(_ text: String) -> [UInt8] { zstandard(Array(text.utf8)) }
