import CIsal
import CZstd
import Contributions
import Crypto
import Foundation

/// A file read from its start, hashed on the way and decompressed when its first bytes say so.
final class ByteSource {
  /// How the bytes of a file are packed.
  enum Packing {
    case plain
    case gzip
    case zstandard
  }

  private let descriptor: Int32
  private let ownsDescriptor: Bool
  private let name: String
  private var hasher = SHA256()
  private(set) var byteCount: Int64 = 0
  private let input: UnsafeMutableRawBufferPointer
  private var available = 0
  private var position = 0
  private var reachedEnd = false
  private let decompressor: (any Decompressor)?
  /// What stopped decompression before its end: the reason of one quarantined record.
  private(set) var damage: Rejection?

  static let inputSize = 1 << 18

  init(_ file: LogFile) throws(IngestionError) {
    name = file.name
    if let path = file.path {
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      ownsDescriptor = true
      guard descriptor >= 0 else {
        throw .unreadable(file: path, reason: String(cString: strerror(errno)))
      }
    } else {
      descriptor = STDIN_FILENO
      ownsDescriptor = false
    }
    input = .allocate(byteCount: Self.inputSize, alignment: 64)
    var first = 0
    while first < 4 {
      let place = input.baseAddress.map { $0 + first }
      let count = Glibc.read(descriptor, place, Self.inputSize - first)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw .unreadable(file: file.name, reason: String(cString: strerror(errno)))
      }
      if count == 0 { break }
      first += count
    }
    available = first
    byteCount = Int64(first)
    hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: input[..<first]))
    switch Self.packing(of: UnsafeRawBufferPointer(rebasing: input[..<first])) {
    case .plain: decompressor = nil
    case .gzip: decompressor = GzipDecompressor()
    case .zstandard: decompressor = ZstandardDecompressor()
    }
  }

  deinit {
    input.deallocate()
    if ownsDescriptor && descriptor >= 0 { close(descriptor) }
  }

  static func packing(of bytes: UnsafeRawBufferPointer) -> Packing {
    if bytes.count >= 2, bytes[0] == 0x1F, bytes[1] == 0x8B { return .gzip }
    guard bytes.count >= 4 else { return .plain }
    let magic = UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))
    // A frame, or one to be skipped, with which parallel compressors begin.
    return magic == 0xFD2F_B528 || magic & ~15 == 0x184D_2A50 ? .zstandard : .plain
  }

  /// SHA-256 of the file as given. Call once, after everything was read.
  func digest() -> [UInt8] {
    Array(hasher.finalize())
  }

  /// Fills `output` from its start; fewer bytes than fit mean the end, or damage.
  func read(into output: UnsafeMutableRawBufferPointer) throws(IngestionError) -> Int {
    var written = 0
    while written < output.count {
      if position == available {
        try refill()
        if available == 0 {
          if let decompressor, !decompressor.isComplete, damage == nil { damage = .truncated }
          break
        }
      }
      let source = UnsafeRawBufferPointer(rebasing: input[position..<available])
      let target = UnsafeMutableRawBufferPointer(rebasing: output[written...])
      guard let decompressor else {
        let count = min(source.count, target.count)
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<count]))
        position += count
        written += count
        continue
      }
      guard damage == nil else {
        position = available
        continue
      }
      let step = decompressor.step(from: source, to: target)
      position += step.consumed
      written += step.produced
      if step.failed { damage = .corrupt }
    }
    return written
  }

  private func refill() throws(IngestionError) {
    position = 0
    available = 0
    if reachedEnd { return }
    while true {
      let count = Glibc.read(descriptor, input.baseAddress, Self.inputSize)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw .unreadable(file: name, reason: String(cString: strerror(errno)))
      }
      reachedEnd = count == 0
      available = count
      byteCount += Int64(count)
      hasher.update(bufferPointer: UnsafeRawBufferPointer(rebasing: input[..<count]))
      return
    }
  }
}

/// One step of decompression.
struct DecompressionStep {
  var consumed: Int
  var produced: Int
  var failed: Bool
}

/// A streaming decompressor of one or more members.
protocol Decompressor: AnyObject {
  /// Whether the bytes so far end with a whole member.
  var isComplete: Bool { get }
  func step(
    from source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer
  ) -> DecompressionStep
}

/// gzip (RFC 1952) through ISA-L, checksums verified, members in a row.
final class GzipDecompressor: Decompressor {
  private let state = UnsafeMutablePointer<inflate_state>.allocate(capacity: 1)
  private(set) var isComplete = true

  init() {
    begin()
  }

  deinit {
    state.deallocate()
  }

  private func begin() {
    isal_inflate_init(state)
    state.pointee.crc_flag = UInt32(ISAL_GZIP)
  }

  func step(
    from source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer
  ) -> DecompressionStep {
    if isComplete {
      // Zero padding behind the last member is allowed, as in gzip(1).
      var zeros = 0
      while zeros < source.count, source[zeros] == 0 { zeros += 1 }
      if zeros > 0 { return DecompressionStep(consumed: zeros, produced: 0, failed: false) }
      begin()
      isComplete = false
    }
    state.pointee.next_in = UnsafeMutablePointer(
      mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
    state.pointee.avail_in = UInt32(source.count)
    state.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    state.pointee.avail_out = UInt32(min(target.count, 1 << 30))
    let room = Int(state.pointee.avail_out)
    let code = isal_inflate(state)
    // The rest of a target beyond 1 GiB waits for the next step.
    let consumed = source.count - Int(state.pointee.avail_in)
    let produced = room - Int(state.pointee.avail_out)
    if state.pointee.block_state == ISAL_BLOCK_FINISH { isComplete = true }
    return DecompressionStep(
      consumed: consumed, produced: produced,
      failed: code != ISAL_DECOMP_OK || (consumed == 0 && produced == 0))
  }
}

/// Zstandard (RFC 8878), frames in a row.
final class ZstandardDecompressor: Decompressor {
  private let context = ZSTD_createDStream()
  private(set) var isComplete = true

  deinit {
    ZSTD_freeDStream(context)
  }

  func step(
    from source: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer
  ) -> DecompressionStep {
    var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: 0)
    var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
    let code = ZSTD_decompressStream(context, &output, &input)
    let failed = ZSTD_isError(code) != 0
    isComplete = code == 0
    return DecompressionStep(
      consumed: input.pos, produced: output.pos,
      failed: failed || (input.pos == 0 && output.pos == 0))
  }
}
