import Contributions
import Crypto
import Foundation
import Relations

/// What is kept between epochs: one file per epoch and profile, `DIR/PROFILE/epoch-NNNNNN.state`.
///
/// A run of an epoch reads the files of earlier epochs only, so running it again gives the same
/// bytes, and a file is replaced in one step, so a crash leaves the old one or the new.
public struct StateFolder: Sendable {
  public let path: String
  /// The memories that a replay reads, and no others; `nil` for a run, which takes what is there.
  private let only: [Entry]?

  /// Earlier epochs that a run looks back on, and how many days back they may lie.
  static let epochs = 7
  static let days: Int64 = 14

  public init(path: String, only: [Entry]? = nil) {
    self.path = path
    self.only = only
  }

  /// A memory in use, by which a replay knows it again.
  public struct Entry: Sendable, Equatable, Decodable {
    public let epoch: Int64
    /// `0x` and the SHA-256 of the file.
    public let digest: String
  }

  /// Calls `body` with each memory that a run of `epoch` looks back on, the newest first.
  ///
  /// - Returns: what was read.
  /// - Throws: `StateError.unusable` for a file that cannot be read or is damaged, `.missing` for
  ///   one that a replay needs and that is not there or is another.
  func forEachMemory(
    before epoch: Int64, profile: String, _ body: (EpochMemory) throws -> Void
  ) throws -> [Entry] {
    var entries: [Entry] = []
    let numbers =
      only?.map(\.epoch)
      ?? Array(earlierEpochs(before: epoch, profile: profile).prefix(Self.epochs))
    for number in numbers {
      let file = Self.file(number, profile: profile)
      let needed = only?.first { $0.epoch == number }
      guard let data = FileManager.default.contents(atPath: "\(path)/\(file)") else {
        if let needed { throw StateError.missing(epoch: number, digest: needed.digest) }
        throw StateError.unusable(path: "\(path)/\(file)", reason: "no permission")
      }
      let bytes = Array(data)
      let entry = Entry(
        epoch: number, digest: "0x" + Hex.encode(Array(SHA256.hash(data: bytes))))
      guard needed == nil || needed == entry else {
        throw StateError.missing(epoch: number, digest: needed?.digest ?? "")
      }
      try body(try Self.memory(bytes, of: number, profile: profile, path: "\(path)/\(file)"))
      entries.append(entry)
    }
    return entries
  }

  private static func memory(
    _ bytes: [UInt8], of epoch: Int64, profile: String, path: String
  ) throws(StateError) -> EpochMemory {
    do {
      let state = try StateFile(bytes: bytes)
      guard state.profile == profile, state.memory.epoch == epoch else {
        throw StateError.damaged("it is of another profile or epoch")
      }
      return state.memory
    } catch {
      throw .unusable(path: path, reason: "\(error)")
    }
  }

  private func earlierEpochs(before epoch: Int64, profile: String) -> [Int64] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(profile)")) ?? []
    return names.compactMap { name -> Int64? in
      guard name.hasPrefix("epoch-"), name.hasSuffix(".state") else { return nil }
      return Int64(name.dropFirst(6).dropLast(6))
    }.filter { $0 < epoch && $0 >= epoch - Self.days }.sorted(by: >)
  }

  /// Keeps what was learnt of an epoch, in the place of what was kept of it before.
  ///
  /// - Throws: `StateError.cannotWrite`.
  public func keep(_ memory: EpochMemory, profile: String) throws(StateError) {
    let file = "\(path)/\(Self.file(memory.epoch, profile: profile))"
    do {
      try FileManager.default.createDirectory(
        atPath: "\(path)/\(profile)", withIntermediateDirectories: true)
      try OutputFile.write(StateFile(profile: profile, memory: memory).bytes, to: file)
    } catch {
      throw .cannotWrite(path: file, reason: "\(error)")
    }
  }

  private static func file(_ epoch: Int64, profile: String) -> String {
    "\(profile)/epoch-\(String(format: "%06lld", epoch)).state"
  }
}
