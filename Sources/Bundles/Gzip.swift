import CZlib

/// gzip members (RFC 1952) whose bytes depend on nothing but their content: no name, no time, one
/// level, one deflate.
enum Gzip {
  /// Verdicts come out 6 % larger than at zlib's usual level 6, in 70 % of the time.
  private static let level: Int32 = 4
  private static let window: Int32 = 15 + 16

  /// The most that a member may hold: a few megabytes of a stranger's would otherwise fill the
  /// memory of whoever checks them. It is 64 KiB for each of the 65,536 verdicts of a file, where a
  /// few hundred bytes are usual, and four million quarantined records of the longest kind.
  static let longestContent = 4 << 30

  /// What zlib is handed at a time: its counts have 32 bits.
  private static let longestPiece = 1 << 30

  /// - Throws: `BundleError.malformed` when zlib refuses, which takes a lack of memory.
  static func compress(
    _ bytes: [UInt8], piece: Int = longestPiece
  ) throws(BundleError) -> [UInt8] {
    var stream = z_stream()
    let version = ZLIB_VERSION
    let size = Int32(MemoryLayout<z_stream>.size)
    guard
      deflateInit2_(&stream, level, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY, version, size)
        == Z_OK
    else { throw .malformed("zlib has no memory") }
    defer { deflateEnd(&stream) }
    var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
    var taken = 0
    var made = 0
    var code = Z_OK
    bytes.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { target in
        while code == Z_OK {
          let part = min(input.count - taken, piece)
          let room = min(target.count - made, piece)
          stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + taken })
          stream.avail_in = UInt32(part)
          stream.next_out = target.baseAddress.map { $0 + made }
          stream.avail_out = UInt32(room)
          code = deflate(&stream, taken + part == input.count ? Z_FINISH : Z_NO_FLUSH)
          taken += part - Int(stream.avail_in)
          made += room - Int(stream.avail_out)
        }
      }
    }
    guard code == Z_STREAM_END else { throw .malformed("zlib stopped with code \(code)") }
    output.removeLast(output.count - made)
    return output
  }

  /// Whether a member's header says deflate and nothing else: no flags, and no time. The deflated
  /// bytes themselves may be another zlib's.
  static func hasPlainHeader(_ bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
  }

  /// The content of exactly one member with nothing behind it.
  ///
  /// - Throws: `BundleError.malformed` for anything else, and for more than `limit` bytes.
  static func decompress(
    _ bytes: [UInt8], limit: Int = longestContent, piece: Int = longestPiece
  ) throws(BundleError) -> [UInt8] {
    var stream = z_stream()
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(&stream, window, ZLIB_VERSION, size) == Z_OK else {
      throw .malformed("zlib has no memory")
    }
    defer { inflateEnd(&stream) }
    var output: [UInt8] = []
    var block = [UInt8](repeating: 0, count: 1 << 18)
    var taken = 0
    var isTooLong = false
    let code: Int32 = bytes.withUnsafeBufferPointer { input in
      var code = Z_OK
      while code == Z_OK {
        let room = block.count
        let part = min(input.count - taken, piece)
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + taken })
        stream.avail_in = UInt32(part)
        code = block.withUnsafeMutableBufferPointer { target in
          stream.next_out = target.baseAddress
          stream.avail_out = UInt32(room)
          return inflate(&stream, Z_NO_FLUSH)
        }
        taken += part - Int(stream.avail_in)
        let made = room - Int(stream.avail_out)
        isTooLong = made > limit - output.count
        if isTooLong { return code }
        output.append(contentsOf: block[..<made])
      }
      return code
    }
    guard !isTooLong else {
      throw .malformed("a .gz file holds more than \(limit) bytes")
    }
    guard code == Z_STREAM_END, taken == bytes.count else {
      throw .malformed("a .gz file is damaged or has something behind its end")
    }
    return output
  }
}
