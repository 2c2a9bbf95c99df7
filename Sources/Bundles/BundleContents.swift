import Contributions
import Ledger
import Profiles
import Verdicts

/// Everything a bundle is made of.
public struct BundleContents: Sendable {
  public var profile: String
  public var epoch: UInt64
  public var revision: UInt32
  /// In node order.
  public var verdicts: [Verdict]
  public var reasons: [ReasonCode]
  public var books: Books
  public var quarantine: [QuarantinedRecord]
  public var policy: Policy
  public var model: ModelIdentity
  /// Files under `reports/`, by name.
  public var reports: [String: [UInt8]]

  /// A model's identity.
  public struct ModelIdentity: Sendable, Equatable {
    public var name: String
    public var version: String
    /// SHA-256 of the model's file, or of what the run fitted itself.
    public var digest: [UInt8]

    public init(name: String, version: String, digest: [UInt8]) {
      self.name = name
      self.version = version
      self.digest = digest
    }
  }

  public init(
    profile: String, epoch: UInt64, revision: UInt32, verdicts: [Verdict],
    reasons: [ReasonCode], books: Books, quarantine: [QuarantinedRecord], policy: Policy,
    model: ModelIdentity, reports: [String: [UInt8]]
  ) {
    self.profile = profile
    self.epoch = epoch
    self.revision = revision
    self.verdicts = verdicts
    self.reasons = reasons
    self.books = books
    self.quarantine = quarantine
    self.policy = policy
    self.model = model
    self.reports = reports
  }

  /// What writes bundles, by name and version; part of the statement.
  public static let tool = "assay 0.1.0"

  /// The name of the bundle's folder, such as `epoch-020412-r0`.
  public var folderName: String { Self.folderName(epoch: epoch, revision: revision) }

  static func folderName(epoch: UInt64, revision: UInt32) -> String {
    let number = String(epoch)
    let zeros = String(repeating: "0", count: max(0, 6 - number.count))
    return "epoch-\(zeros)\(number)-r\(revision)"
  }
}
