/// Why a part of a transparency log cannot be made, read or believed.
public enum LogError: Error, Equatable, CustomStringConvertible {
  case notANote(String)
  case notACheckpoint(String)
  case notAVerifierKey(String)
  case notAProof(String)
  case notATilePath(String)
  case notATile(String)
  /// A size, an index or a tile that the tree does not have.
  case outOfRange(String)
  /// A signature by a known key that does not match; the whole note is to be refused.
  case wrongSignature(name: String)
  case signingFailed(name: String, reason: SigningKeyError)
  /// The proof does not lead from this entry to the checkpoint's root.
  case notIncluded(index: Int)

  public var description: String {
    switch self {
    case .notANote(let reason): "not a signed note: \(reason)"
    case .notACheckpoint(let reason): "not a checkpoint: \(reason)"
    case .notAVerifierKey(let reason): "not a verifier key: \(reason)"
    case .notAProof(let reason): "not a tlog-proof: \(reason)"
    case .notATilePath(let text): "'\(text)' is not the path of a tile"
    case .notATile(let reason): "not a tile: \(reason)"
    case .outOfRange(let what): "the log does not have \(what)"
    case .wrongSignature(let name): "the signature of \(name) does not match the note"
    case .signingFailed(let name, let reason): "signing as \(name) failed: \(reason)"
    case .notIncluded(let index):
      "the proof does not show this entry at index \(index) of the checkpoint's tree"
    }
  }
}
