import Contributions
import Foundation

/// The end of an epoch's log: what is in it, and that nothing else will be.
public struct IntakeSeal: Sendable, Equatable, Codable {
  /// One file of the log.
  public struct Part: Sendable, Equatable, Codable {
    public let name: String
    public let bytes: Int64
    /// Lower-case hexadecimal digits.
    public let sha256: String
  }

  public let format: String
  public let profile: String
  /// Days since 1970-01-01.
  public let epoch: Int64
  public let batches: Int
  /// Records that a run can use, duplicates of each other included.
  public let accepted: Int
  /// Lines that a run will quarantine.
  public let quarantined: Int
  public let parts: [Part]

  static let format = "assay.intake.seal.v1"

  init(place: EpochPlace, batches: Int, accepted: Int, quarantined: Int, parts: [Part]) {
    format = Self.format
    profile = place.profile
    epoch = place.epoch.day
    self.batches = batches
    self.accepted = accepted
    self.quarantined = quarantined
    self.parts = parts
  }

  public var json: CanonicalJSON {
    .object([
      "format": .string(format), "profile": .string(profile), "epoch": .clamped(epoch),
      "batches": .clamped(Int64(batches)), "accepted": .clamped(Int64(accepted)),
      "quarantined": .clamped(Int64(quarantined)),
      "parts": .array(
        parts.map {
          .object([
            "name": .string($0.name), "bytes": .clamped($0.bytes), "sha256": .string($0.sha256),
          ])
        }),
    ])
  }

  /// Reads a seal.
  ///
  /// - Throws: `IntakeError.noLog`, `.damaged`.
  static func read(_ files: EpochFiles, _ place: EpochPlace) throws(IntakeError) -> IntakeSeal {
    guard let data = FileManager.default.contents(atPath: files.seal) else {
      throw .noLog(profile: place.profile, place.epoch)
    }
    guard let seal = try? JSONDecoder().decode(IntakeSeal.self, from: data),
      seal.format == format, seal.profile == place.profile, seal.epoch == place.epoch.day
    else { throw .damaged(path: files.seal, reason: "not the seal of this profile and epoch") }
    return seal
  }
}
