/// Why a run could not be carried out, apart from what its stages say themselves.
public enum PipelineError: Error, CustomStringConvertible, Equatable {
  case unknownProfile(String, known: [String])
  case cannotRead(path: String)
  case cannotWrite(path: String, reason: String)
  case wrongModel(path: String, reason: String)
  case noSuchNode(String)
  /// A bundle made with a model that was not given, or with another.
  case needsModel(name: String, digest: String)
  case badLabels(path: String, reason: String)
  /// The logs' records of a node are not those that its verdict is about.
  case otherEvidence(node: String)
  case badPacket(String)

  public var description: String {
    switch self {
    case .unknownProfile(let name, let known):
      "there is no profile \(name); there are \(known.joined(separator: ", "))"
    case .cannotRead(let path): "\(path): cannot be read"
    case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason)"
    case .wrongModel(let path, let reason): "\(path): cannot be used as the model: \(reason)"
    case .noSuchNode(let node): "the log has no record of node \(node)"
    case .needsModel(let name, let digest):
      "the bundle was made with the model \(name) (\(digest)); give that file with --model"
    case .otherEvidence(let node):
      "the records of node \(node) in these logs are not those that were judged: their digest is "
        + "another; give all the logs of the run, and nothing else"
    case .badPacket(let reason): "it is no appeal packet: \(reason)"
    case .badLabels(let path, let reason): "\(path): not a labels file: \(reason)"
    }
  }
}
