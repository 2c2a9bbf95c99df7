import ExactMath
import Profiles

/// Receivers whose quality figures have no memory where those of their peers have.
///
/// Satellites come and go over minutes: from one fix to the next, dilution and number of satellites
/// keep most of their deviation. A program that draws them keeps none. Some firmware sends figures
/// that jump, and long intervals forget: so a node is compared with those that report as often, and
/// with those of its own model.
struct ReceiverMemory {
  private let nodes: [NodeProfile]
  private let receivers: [MobilityTrace.Receiver?]

  /// Correlation below which forty figures or more have no memory, and that nine of ten peers keep.
  static let none = 0.25
  static let kept = 0.4
  /// Peers that it takes.
  static let fewestPeers = 30

  init(_ nodes: [NodeProfile], _ traces: [MobilityTrace?]) {
    self.nodes = nodes
    receivers = traces.map { $0?.receiver }
  }

  func add(to outcome: inout RelationOutcome) {
    let usual = usualMemory()
    let excused = forgetfulModels()
    for (node, receiver) in receivers.enumerated() {
      guard let receiver, receiver.dilution < Self.none,
        let usual = usual[Self.octave(receiver.interval)], usual.dilution >= Self.kept,
        !(receiver.model.map { excused.contains($0) } ?? false)
      else { continue }
      // Drawn satellites have no memory either; where they never change there is nothing to draw.
      guard
        receiver.satellites.isNaN
          || receiver.satellites < Self.none && usual.satellites >= Self.kept
      else { continue }
      outcome.findings[node, default: []].append(
        RuleFinding(
          .withoutMemory, observed: receiver.dilution, low: usual.dilution,
          occurrences: receiver.count, minimumOccurrences: 40))
    }
  }

  private static func octave(_ interval: Double) -> Int {
    interval > 0 ? Int(Statistics.log2(interval).rounded()) : 0
  }

  /// By the octave of the interval: what nine of ten nodes with about that interval keep.
  private func usualMemory() -> [Int: (dilution: Double, satellites: Double)] {
    var byOctave: [Int: [MobilityTrace.Receiver]] = [:]
    for receiver in receivers {
      guard let receiver else { continue }
      for octave in -1...1 {
        byOctave[Self.octave(receiver.interval) + octave, default: []].append(receiver)
      }
    }
    return byOctave.compactMapValues { peers in
      let dilution = Statistics.sorted(peers.map(\.dilution))
      let satellites = Statistics.sorted(peers.map(\.satellites))
      guard dilution.count >= Self.fewestPeers else { return nil }
      return (
        Quantile.of(dilution, 0.1),
        satellites.count >= Self.fewestPeers ? Quantile.of(satellites, 0.1) : .nan
      )
    }
  }

  /// Models of which a third and more, of at least three, have no memory: their firmware's way.
  private func forgetfulModels() -> Set<String> {
    var counts: [String: (all: Int, without: Int)] = [:]
    for receiver in receivers {
      guard let receiver, let model = receiver.model, !receiver.dilution.isNaN else { continue }
      counts[model, default: (0, 0)].all += 1
      if receiver.dilution < Self.none { counts[model, default: (0, 0)].without += 1 }
    }
    return Set(counts.filter { $0.value.without >= 3 && $0.value.without * 3 >= $0.value.all }.keys)
  }
}
