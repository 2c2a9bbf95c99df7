import Ledger

/// The log's part of a bundle: `log/checkpoint` and `log/inclusion.tlog-proof`, which show, to
/// somebody with nothing but the bundle, that its statement was logged.
public enum BundleLog {
  public static let checkpointName = "log/checkpoint"
  public static let proofName = "log/inclusion.tlog-proof"

  /// What the two files show.
  public struct Report: Sendable {
    /// The log's state when the bundle was made. Keep it: with it, ``LogFolder/consistency(from:keys:)``
    /// finds any later change of the log.
    public let checkpoint: Checkpoint
    public let index: Int
    /// Those of the keys asked about that signed the checkpoint, witnesses among them.
    public let signers: [LogVerifierKey]
  }

  /// Checks the files of a bundle: that the proof leads from the bundle's statement to the
  /// checkpoint, that both files hold the same checkpoint, and the signatures of `keys`.
  ///
  /// - Parameters:
  ///   - statement: the bytes of `statement.json`.
  ///   - keys: whom to believe; with none nothing is said about signatures. The signers of the
  ///     bundle's envelope, under the checkpoint's origin as name, are keys of this kind.
  /// - Throws: `LogFolderError`: `.notAStatement`, `.damaged`, `.notSigned` when there are keys and
  ///   none of them with the log's name signed, `.invalid` for a proof that fails or a forged
  ///   signature.
  public static func verify(
    statement: [UInt8], checkpoint: [UInt8], proof: [UInt8], keys: [LogVerifierKey] = []
  ) throws(LogFolderError) -> Report {
    let entry = try LogEntry(statement: statement)
    let (parsed, head) = try LogFolderError.wrapping { () throws(LogError) in
      let parsed = try LogProof(bytes: proof)
      return (parsed, try parsed.checkpoint(including: entry.bytes))
    }
    guard parsed.checkpoint.bytes == checkpoint else {
      throw .damaged("\(proofName) is for another checkpoint than \(checkpointName)")
    }
    let signers = try LogFolderError.wrapping { () throws(LogError) in
      try parsed.checkpoint.verifiedKeys(among: keys)
    }
    let isOwn = signers.contains {
      $0.kind == .ed25519 && $0.name.utf8.elementsEqual(head.origin.utf8)
    }
    guard keys.isEmpty || isOwn else { throw .notSigned(path: checkpointName) }
    return Report(checkpoint: head, index: parsed.index, signers: signers)
  }
}
