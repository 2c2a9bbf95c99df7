import ExactMath

extension ComputeDay {
  /// Rate of a card on a task over that of a median card of its model.
  private func taskRate(_ card: ComputeCard) -> Double {
    let share = ComputeCurve.throttle(card, of: node.machine, node.habits)
    let stack = 1 + 0.3 * (node.machine.stack - 1)
    return card.quality * stack * node.habits.rate * Portable.exp(0.4 * Portable.log(share))
  }

  mutating func addJobs() {
    var random = stream(.part)
    let habits = node.habits
    let reports = random.chance(0.3) ? 0.7 : 0.35
    for job in jobs {
      let chances = (tail: random.uniform(), factor: random.normal(), rerun: random.uniform())
      let hash = random.bits()
      guard job.device != habits.deadDevice else { continue }
      let hour = job.start / 3_600_000
      let isMaintained = habits.maintenance?.contains(hour) ?? false
      if isMaintained, !job.isOrganic, chances.rerun < 0.8 { continue }
      var cpuMs = 0.0
      var wall = self.wall(job, chances.factor, &random, &cpuMs)
      if chances.tail < 0.04 { wall *= 1 + random.exponential(0.6) }
      if isMaintained { wall *= random.uniform(1.3, 2.2) }
      let work = wall
      wall *= habits.waitWall * (habits.waitWall > 1 ? random.uniform(0.8, 1.25) : 1)
      if job.isOrganic { wall *= habits.organicSlow }
      if job.isOrganic, habits.idleWall > 1 { wall *= habits.idleWall * random.uniform(0.9, 1.15) }
      if let relay = habits.relay, random.chance(relay.share) {
        wall += relay.jobMs * random.uniform(0.85, 1.2)
      }
      occupy(job, work: work, wall: wall, &random)
      let isWrong = random.chance(
        habits.errors + (job.isOrganic ? habits.organicFailure : 0) + (isMaintained ? 0.15 : 0))
      let end = job.start + wall
      let isOut = habits.verifierOutage?.contains(end / 3_600_000) ?? false
      let isChecked = !job.isOrganic || chances.rerun < reports
      rows.append(
        ComputeRows.Job(
          id: WorkHash.mix(hash, 7), task: job.task.name, hash: hash, isOrganic: job.isOrganic,
          elapsedMs: wall, cpuMs: cpuMs, expectedMs: job.expectedMs,
          agreed: isChecked ? !(isWrong || isOut) : nil),
        at: end)
    }
  }

  /// Time that the work itself takes, and the processor time it uses.
  private func wall(
    _ job: ComputePlannedJob, _ factor: Double, _ random: inout RandomStream,
    _ cpuMs: inout Double
  ) -> Double {
    let noise = Portable.exp(0.06 * factor)
    let cores = node.machine.cores
    if job.task.isCPU {
      let wall = job.expectedMs * noise * node.claim.cores / cores
      cpuMs = wall * cores * random.uniform(0.84, 0.96)
      return wall
    }
    let card = node.machine.cards[node.devices[job.device].card]
    let speed = node.machine.gpu.diffusion / node.claim.gpu.diffusion * taskRate(card)
    let busy = node.devices.count > 1 ? 1 - 0.5 * (1 - node.habits.busShare) : 1
    let wall =
      job.expectedMs * noise * contention(at: job.start, device: job.device)
      / (speed * busy)
    let used = random.uniform(job.task.cores.lowerBound, job.task.cores.upperBound)
    cpuMs = wall * min(used, cores)
    return wall
  }

  /// Puts a job's load on its card: working for `work`, then waiting or idle.
  private mutating func occupy(
    _ job: ComputePlannedJob, work: Double, wall: Double, _ random: inout RandomStream
  ) {
    guard !job.task.isCPU, !node.habits.hasSiblings else { return }
    let card = node.devices[job.device].card
    let waits = node.habits.waitWall > 1
    let share = waits ? work / wall : 1
    let draw = random.uniform(job.task.draw.lowerBound, job.task.draw.upperBound)
    let memory = random.uniform(0.25, 0.95)
    let end = job.start + (waits ? wall : work)
    spans[card].append(
      ComputeSpan(
        start: job.start, end: end, util: random.uniform(0.86, 1) * share, draw: draw * share,
        memory: memory))
    guard node.habits.feignsWork, end < job.start + wall else { return }
    spans[card].append(
      ComputeSpan(start: end, end: job.start + wall, util: 0.93, draw: 0.08, memory: memory))
  }
}
