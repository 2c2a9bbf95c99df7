import Foundation
import Testing

@testable import Detection

struct DamagedModelTests {
  private func stored() async throws -> (file: Safetensors, night: FeatureTable) {
    var generator = SplitMix64(seed: 77)
    let table = try featureTable(
      generator.normals(63, 2), groups: (0..<63).map { _ in ["near", "all"] })
    var file = Safetensors()
    try await DetectionModel(training: table, tasks: 1).store(in: &file)
    return (file, try featureTable(generator.normals(8, 2), columns: table.columns))
  }

  /// Loads and uses; whatever is wrong must come out as `badModel`.
  private func use(_ bytes: [UInt8], on night: FeatureTable) async throws {
    do {
      let model = try DetectionModel(from: Safetensors(bytes: bytes))
      guard model.columns == night.columns else { return }
      let rows = try await model.detect(night, tasks: 1).rows
      #expect(rows.count == night.rows)
      _ = model.baseline.stabilityIndices(night)
    } catch DetectionError.badModel {}
  }

  private func isRefused(_ file: Safetensors) -> Bool {
    do {
      _ = try DetectionModel(from: Safetensors(bytes: file.bytes))
      return false
    } catch DetectionError.badModel {
      return true
    } catch {
      return false
    }
  }

  @Test func `a file cut anywhere is refused`() async throws {
    let bytes = try await stored().file.bytes
    let cuts = Set(0..<40).union(stride(from: 40, to: bytes.count, by: 37))
      .union((bytes.count - 20)..<bytes.count)
    for cut in cuts {
      #expect(throws: DetectionError.self) { try Safetensors(bytes: Array(bytes[..<cut])) }
    }
    #expect(throws: DetectionError.self) { try Safetensors(bytes: bytes + [0]) }
  }

  @Test func `a flipped bit is refused or harmless`() async throws {
    let (file, night) = try await stored()
    let bytes = file.bytes
    var generator = SplitMix64(seed: 8)
    for _ in 0..<500 {
      var damaged = bytes
      let place = Int.random(in: 0..<bytes.count, using: &generator)
      damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      try await use(damaged, on: night)
    }
  }

  @Test func `a missing part is refused`() async throws {
    let file = try await stored().file
    for name in Array(file.doubles.keys) + Array(file.integers.keys) + Array(file.strings.keys) {
      var damaged = Safetensors()
      for (key, values) in file.doubles where key != name { damaged.set(key, values) }
      for (key, values) in file.integers where key != name {
        damaged.set(key, values.map { Int($0) })
      }
      for (key, text) in file.strings where key != name { damaged.set(key, text: text) }
      let isRefused = isRefused(damaged)
      #expect(isRefused, "without \(name)")
    }
  }

  @Test func `parts of other lengths, and numbers that cannot be, are refused`() async throws {
    let file = try await stored().file
    for (name, values) in file.doubles {
      for changed in [values + [1, 1, 1], Array(repeating: .nan, count: values.count)] {
        // Medians may be NaN: of columns that nobody measured; peers' quantiles likewise. Tails are
        // of any length.
        let isFree = changed.last == 1 ? name.hasPrefix("tail.") : name.hasPrefix("scales.")
        guard !isFree else { continue }
        var damaged = file
        damaged.set(name, changed)
        let isRefused = isRefused(damaged)
        #expect(isRefused, "\(name) as \(changed.last ?? 0)")
      }
    }
    for (name, values) in file.integers {
      for wrong in [-2000, Int.max, Int.min] {
        var damaged = file
        damaged.set(name, values.map { _ in wrong })
        let isRefused = isRefused(damaged)
        #expect(isRefused, "\(name) as \(wrong)")
      }
    }
    var twice = file
    twice.set("scales.groups", texts: ["all", "all"])
    for name in ["median", "spread", "low", "high"] {
      let one = file.doubles["scales.\(name)"] ?? []
      twice.set("scales.\(name)", Array((one + one).prefix(4)))
    }
    #expect(isRefused(twice))
    var none = file
    none.set("nearest.reference", [Double]())
    #expect(isRefused(none))
  }

  @Test(arguments: [
    #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,9223372036854775807]}}"#,
    #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[-8,0]}}"#,
    #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[8,0]}}"#,
    #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0]}}"#,
    #"{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F64","shape":[9223372036854775807,4],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#,
    #"{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}"#,
    #"{"a":1}"#, "[]", "", "{",
  ])
  func `a header that lies is refused`(header: String) {
    var bytes = [UInt8](repeating: 0, count: 8)
    bytes[0] = UInt8(header.utf8.count)
    bytes += Array(header.utf8) + [UInt8](repeating: 0, count: 8)
    #expect(throws: DetectionError.self) { try Safetensors(bytes: bytes) }
    #expect(throws: DetectionError.self) {
      try Safetensors(bytes: [UInt8](repeating: 255, count: 64))
    }
  }

  @Test func `the container is laid out as its format says`() throws {
    var file = Safetensors()
    file.set("b", [1.5, -2])
    file.set("a", [7])
    file.set("n", texts: ["x"])
    let bytes = file.bytes
    let header =
      #"{"__metadata__":{"n":"[\"x\"]"},"a":{"data_offsets":[0,8],"dtype":"I64","shape":[1]},"#
      + #""b":{"data_offsets":[8,24],"dtype":"F64","shape":[2]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    #expect(String(decoding: bytes[8..<(8 + padded.utf8.count)], as: UTF8.self) == padded)
    #expect(bytes[0] == UInt8(padded.utf8.count) && bytes[1..<8].allSatisfy { $0 == 0 })
    #expect(
      Array(bytes.suffix(24)) == [7] + Array(repeating: 0, count: 13) + [0xF8, 0x3F]
        + Array(repeating: 0, count: 7) + [0xC0])
    #expect(try Safetensors(bytes: bytes) == file)
  }
}
