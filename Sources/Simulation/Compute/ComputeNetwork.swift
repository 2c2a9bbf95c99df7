/// A market of GPU hosts: claims, inventories, timed workloads, jobs, sensors and probes.
///
/// Around thirty models with their real facts, hosts of one to fourteen cards. Nothing is shared
/// between nodes but what their group shares, so that the plan is the cast and the seed.
public struct ComputeNetwork: SimulatedNetwork {
  public static let profile = "compute"

  private let cast: [CastMember]
  private let seed: UInt64
  private let firstDay: Int64

  public init(cast: [CastMember], seed: UInt64, days: Range<Int64>) {
    self.cast = cast
    self.seed = seed
    firstDay = days.lowerBound
  }

  public func write(_ member: CastMember, day: Int64, to writer: inout RecordWriter) {
    let node = ComputeNode(member, nodes: cast.count, seed: seed)
    var work = ComputeDay(node, day: day, firstDay: firstDay)
    work.run()
    work.write(to: &writer)
  }

  public static let attacks = [
    AttackSpec("C1", "A weaker card is sold under a better model's name."),
    AttackSpec("C2", "One card is shown as several."),
    AttackSpec("C3", "A slice of a card is sold as the whole."),
    AttackSpec("C4", group: 2...3, "The identities of one host's cards are used by several nodes."),
    AttackSpec("C5", "Recorded benchmark runs are handed in again."),
    AttackSpec("C6", "Work is passed on to a machine elsewhere."),
    AttackSpec("C7", "Cores, memory or disk are claimed that are not there."),
    AttackSpec("C8", "Audits are done well, real work badly."),
    AttackSpec("C9", "Paid time runs on long after the work is done."),
    AttackSpec("C10", "Results are reported that the card cannot reach."),
    AttackSpec("C11", group: 2...6, "Several nodes stand on one machine."),
  ]

  public static let faults = [
    HonestSpec("throttling", "Dust and heat: the cards slow down."),
    HonestSpec("dead card", "One of the cards no longer answers."),
    HonestSpec("zero memory", "The driver reports no memory."),
    HonestSpec("generic ids", "The driver gives no identities."),
    HonestSpec("bad memory", "Bits flip: some results are wrong, audited or not."),
    HonestSpec("stuck sensor", "The temperature never changes."),
    HonestSpec("bad link", "A loose riser: one lane in place of sixteen."),
    HonestSpec("verifier outage", group: 6...12, "For hours the verifier calls all results wrong."),
  ]

  public static let lookAlikes = [
    HonestSpec("modded memory", "A workshop fitted more memory; the owner says so."),
    HonestSpec("new driver", "A driver no list knows, which reads memory a little lower."),
    HonestSpec("thermal throttling", "A warm room: lower clocks under load."),
    HonestSpec("shared bus", "Many cards on few lanes: slower when all run at once."),
    HonestSpec("14-card host", "Fourteen cards that run in waves."),
    HonestSpec("declared slice", "A slice that is claimed as one."),
    HonestSpec("generic ids", "A virtual machine that hides the identities."),
    HonestSpec("moved card", group: 2...2, "A card changes hosts during the day."),
    HonestSpec("quantised clock", "Times in whole or half seconds: equal results."),
    HonestSpec("CGNAT", "The provider changes the address that others see."),
    HonestSpec("VPN", "All traffic through a tunnel, at its price in time."),
    HonestSpec("container limits", "A container that may not use all of the host it reports."),
    HonestSpec("maintenance", "Hours of slow and failed work with few audits."),
    HonestSpec("I/O wait", "Work that waits for disks, audited or not."),
    HonestSpec("wrong batch size", "Some runs are counted with a wrong batch size."),
    HonestSpec("load cycle", group: 3...6, "Hosts of one data centre under one demand."),
  ]
}
