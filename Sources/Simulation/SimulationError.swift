/// Why a network could not be simulated.
public enum SimulationError: Error, Equatable, CustomStringConvertible {
  case badNodes(Int)
  case badEpochs(Int)
  case badContamination(Double)
  case unknownAttack(String, known: [String])
  case exists(String)
  case cannotWrite(String, reason: String)

  public var description: String {
    switch self {
    case .badNodes(let count): "\(count) nodes: a network has 1 to 10,000,000"
    case .badEpochs(let count): "\(count) epochs: 1 to 1000 can be simulated"
    case .badContamination(let share):
      "a contamination of \(share): the share of spoofed nodes is 0 to 0.5"
    case .unknownAttack(let code, let known):
      "there is no attack \(code); there are \(known.joined(separator: ", "))"
    case .exists(let path): "\(path) exists already; a simulation writes a new folder"
    case .cannotWrite(let path, let reason): "\(path): cannot be written: \(reason)"
    }
  }
}
