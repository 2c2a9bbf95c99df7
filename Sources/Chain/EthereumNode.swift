import Contributions
import Foundation
import FoundationNetworking
import Ledger

/// A node of an Ethereum-like chain, asked over JSON-RPC.
public struct EthereumNode: Sendable {
  /// A parameter or a result, as far as the calls here need it.
  enum Value {
    case text(String)
    case flag(Bool)
    case object([String: String])

    var json: Any {
      switch self {
      case .text(let text): text
      case .flag(let flag): flag
      case .object(let members): members
      }
    }
  }

  private let url: URL
  private static let secondsPerCall = 30.0
  /// Larger answers are not what was asked for.
  private static let largestAnswer = 1 << 24

  /// - Parameter url: `http` or `https`. What it holds of secrets is in no message.
  /// - Throws: `ChainError.notAnAddress`.
  public init(url text: String) throws(ChainError) {
    guard let url = URL(string: text), ["http", "https"].contains(url.scheme), url.host != nil
    else { throw .notAnAddress }
    self.url = url
  }

  /// The result of a call; `nil` for a null result, as of a receipt that is not there yet.
  func result(_ method: String, _ parameters: [Value] = []) async throws(ChainError) -> Any? {
    let answer = try await answer(method, parameters)
    if let error = answer["error"] as? [String: Any] {
      throw .refused(method: method, reason: Self.reason(error))
    }
    guard let result = answer["result"] else { throw .unexpected(method: method) }
    return result is NSNull ? nil : result
  }

  /// A result of hexadecimal digits.
  func text(_ method: String, _ parameters: [Value] = []) async throws(ChainError) -> String {
    guard let text = try await result(method, parameters) as? String else {
      throw .unexpected(method: method)
    }
    return text
  }

  /// A result that is a quantity: `0x` and digits without leading zeros.
  func quantity(_ method: String, _ parameters: [Value] = []) async throws(ChainError) -> UInt64 {
    try Self.number(try await text(method, parameters), of: method)
  }

  static func number(_ text: Any?, of method: String) throws(ChainError) -> UInt64 {
    guard let text = text as? String, text.hasPrefix("0x"),
      let number = UInt64(text.dropFirst(2), radix: 16)
    else { throw .unexpected(method: method) }
    return number
  }

  private func answer(
    _ method: String, _ parameters: [Value]
  ) async throws(ChainError) -> [String: Any] {
    let call: [String: Any] = [
      "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters.map(\.json),
    ]
    var request = URLRequest(url: url, timeoutInterval: Self.secondsPerCall)
    request.httpMethod = "POST"
    request.setValue("application/json", forHTTPHeaderField: "Content-Type")
    request.httpBody = try? JSONSerialization.data(withJSONObject: call)
    let data: Data
    let response: URLResponse
    do {
      (data, response) = try await URLSession.shared.data(for: request)
    } catch {
      throw .unreachable(host: url.host ?? "", reason: error.localizedDescription)
    }
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    guard data.count <= Self.largestAnswer,
      let answer = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
    else { throw .unreachable(host: url.host ?? "", reason: "HTTP status \(status)") }
    return answer
  }

  /// What a node says of a call that fails; of one that reverts, the reason the contract gives.
  private static func reason(_ error: [String: Any]) -> String {
    let message = error["message"] as? String ?? "no reason given"
    let data = error["data"] as? String ?? (error["data"] as? [String: Any])?["data"] as? String
    guard let data, let bytes = Hex.decode(data.dropFirst(2)) else { return message }
    return ABI.revertReason(bytes).map { "\(message): \($0)" } ?? message
  }
}

/// Why the chain was not asked, did not answer, or holds something else.
public enum ChainError: Error, Equatable, CustomStringConvertible {
  case notAnAddress
  case unreachable(host: String, reason: String)
  /// The node's or the contract's own words.
  case refused(method: String, reason: String)
  case unexpected(method: String)
  case wrongChain(UInt64, expected: UInt64)
  case noContract(EthereumAddress)
  /// The contract's signers or threshold are not those that the root was signed for.
  case otherConfiguration(Digest32, expected: Digest32)
  /// The contract's last root is not the parent that was signed.
  case otherParent(Digest32, expected: Digest32)
  /// Another root is there for the epoch and revision.
  case otherRoot(Digest32)
  /// Wei for a unit of gas.
  case tooExpensive(UInt64, limit: UInt64)
  case reverted(transaction: Digest32)
  case notObserved(transaction: Digest32, seconds: Int)

  public var description: String {
    switch self {
    case .notAnAddress: "--rpc takes an address that begins with http:// or https://"
    case .unreachable(let host, let reason):
      "the chain's node at \(host) does not answer: \(reason)"
    case .refused(let method, let reason): "the chain's node refuses \(method): \(reason)"
    case .unexpected(let method): "the chain's node answers \(method) with something else"
    case .wrongChain(let id, let expected):
      "the node is of chain \(id); the root is signed for chain \(expected)"
    case .noContract(let address): "there is no contract at \(address)"
    case .otherConfiguration(let digest, let expected):
      "the contract has the configuration \(digest), the root is signed for \(expected): its "
        + "signers were rotated since, or the ledger file is another's"
    case .otherParent(let head, let expected):
      "the contract's last root is \(head), the parent signed is \(expected): sign again with "
        + "--parent \(head)"
    case .otherRoot(let root): "the contract has another root for this epoch and revision: \(root)"
    case .tooExpensive(let fee, let limit):
      "a unit of gas costs \(fee) wei, more than the \(limit) allowed; wait, or raise --max-fee"
    case .reverted(let transaction): "the transaction \(transaction) was reverted"
    case .notObserved(let transaction, let seconds):
      "the root was not seen on the chain within \(seconds) s of transaction \(transaction); it may "
        + "still come: run the same command again, it goes on where it was"
    }
  }
}
