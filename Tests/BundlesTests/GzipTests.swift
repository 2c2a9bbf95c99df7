import Foundation
import Testing

@testable import Bundles

private func noise(_ count: Int) -> [UInt8] {
  var state: UInt64 = 88
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt8(truncatingIfNeeded: state >> 56)
  }
}

@Test(arguments: [0, 1, 17, 65_535, 65_536, 262_143, 262_144, 262_145, 1_000_003])
func gzipGivesBackWhatItTook(count: Int) throws {
  for bytes in [noise(count), Array(repeating: 65, count: count)] {
    let packed = try Gzip.compress(bytes)
    #expect(Gzip.hasPlainHeader(packed))
    #expect(try Gzip.decompress(packed) == bytes)
    #expect(try Gzip.compress(bytes) == packed)
  }
}

@Test(arguments: [1, 7, 1000, 65_536])
func gzipTakesLongContentsInPieces(piece: Int) throws {
  let bytes = noise(3000) + Array(repeating: 65, count: 3000)
  let packed = try Gzip.compress(bytes, piece: piece)
  #expect(try Gzip.decompress(packed) == bytes)
  #expect(try Gzip.decompress(packed, piece: piece) == bytes)
  #expect(throws: BundleError.self) { try Gzip.decompress(packed + [0], piece: piece) }
  #expect(throws: BundleError.self) { try Gzip.decompress(packed.dropLast(), piece: piece) }
}

/// A stranger's file of a few megabytes may hold thousands of times as much.
@Test(arguments: [0, 1, 262_143, 262_144, 262_145, 1_000_000])
func gzipStopsAtTheLimit(count: Int) throws {
  let bytes = [UInt8](repeating: 65, count: count)
  let packed = try Gzip.compress(bytes)
  #expect(try Gzip.decompress(packed, limit: count) == bytes)
  #expect(throws: BundleError.malformed("a .gz file holds more than \(count) bytes")) {
    try Gzip.decompress(Gzip.compress(bytes + [65]), limit: count)
  }
}

@Test func gzipReadsWhatOtherProgramsWrite() throws {
  // Python: gzip.compress(b"assay\n", mtime=0).
  let other: [UInt8] = [
    0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 3, 0x4B, 0x2C, 0x2E, 0x4E, 0xAC, 0xE4, 2, 0, 0x87, 0x62, 0xAF,
    0xE2, 6, 0, 0, 0,
  ]
  #expect(try Gzip.decompress(other) == Array("assay\n".utf8))
}

@Test func gzipRefusesWhatIsNotExactlyOneMember() throws {
  let packed = try Gzip.compress(Array("a verdict\n".utf8))
  for broken in [
    [], packed + [0], packed + packed, Array(packed.dropLast()), Array(packed.dropLast(9)),
    Array(packed.dropFirst()), noise(100), Array("plain text".utf8),
  ] {
    #expect(throws: BundleError.self) { try Gzip.decompress(broken) }
  }
  for index in [packed.count - 1, packed.count - 5, 12] {
    var flipped = packed
    flipped[index] ^= 1
    #expect(throws: BundleError.self, "byte \(index)") { try Gzip.decompress(flipped) }
  }
}

@Test func gzipHeadersThatSayMoreAreNotPlain() throws {
  let packed = try Gzip.compress([1])
  for index in 0..<8 {
    var other = packed
    other[index] ^= 8
    #expect(!Gzip.hasPlainHeader(other))
  }
  // The last two bytes name effort and system, which other zlibs fill in their own way.
  var other = packed
  other[9] = 255
  #expect(Gzip.hasPlainHeader(other))
  #expect(!Gzip.hasPlainHeader([0x1F, 0x8B]))
}
