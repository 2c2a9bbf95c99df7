/// Why a bundle cannot be written or read.
public enum BundleError: Error, CustomStringConvertible, Equatable {
  case cannotWrite(path: String, reason: String)
  case cannotRead(path: String, reason: String)
  /// The folder holds another bundle of the same epoch and revision.
  case exists(path: String)
  case malformed(String)
  case noSuchNode(String)

  public var description: String {
    switch self {
    case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason)"
    case .cannotRead(let path, let reason): "\(path): cannot be read: \(reason)"
    case .exists(let path):
      "\(path): a bundle with other content is there already; history is not overwritten: choose "
        + "another --out, or move the old bundle away"
    case .malformed(let text): "the bundle is malformed: \(text)"
    case .noSuchNode(let node): "the bundle has no verdict on node \(node)"
    }
  }
}
