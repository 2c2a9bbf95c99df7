extension ComputeDay {
  /// Writes the rows in time order.
  func write(to writer: inout RecordWriter) {
    let start = day * 86_400_000
    writer.begin(node: node.member.id)
    for row in rows.inOrder {
      let time = start + row.ms
      switch row.kind {
      case .claim: writeClaim(time, &writer)
      case .inventory: write(rows.inventories[row.index], time, &writer)
      case .benchmark: write(rows.benchmarks[row.index], time, &writer)
      case .job: write(rows.jobs[row.index], time, &writer)
      case .telemetry: write(rows.telemetry[row.index], time, &writer)
      case .network: write(rows.networks[row.index], time, &writer)
      }
    }
  }

  private func writeClaim(_ time: Int64, _ writer: inout RecordWriter) {
    let claim = node.claim
    let omits = node.omissions
    writer.record("claim", at: time) { out in
      out.text("gpu_model", claim.model)
      out.integer("gpu_count", claim.count)
      out.number("vram_mb", claim.vramMB, digits: 0)
      if !omits.cpu { out.text("cpu_model", claim.cpu) }
      out.number("cpu_cores", claim.cores, digits: 0)
      out.number("ram_mb", claim.ramMB, digits: 0)
      out.number("disk_gb", claim.diskGB, digits: 0)
      if !omits.owner { out.text("owner", claim.owner) }
      if !omits.region { out.text("region", claim.region) }
    }
  }

  private func write(
    _ row: (device: Int, isNamed: Bool), _ time: Int64, _ writer: inout RecordWriter
  ) {
    let device = node.devices[row.device]
    let omits = node.omissions
    writer.record("inventory", at: time) { out in
      out.integer("device_index", row.device)
      if row.isNamed { out.text("gpu_uuid", device.uuid) }
      out.text("gpu_name", device.name)
      if !omits.driver {
        out.text("driver", node.machine.driver)
        out.text("os", node.machine.os)
      }
      out.number("vram_mb", device.vramMB, digits: 0)
      out.number("compute_cap", device.model.capability, digits: 1)
      if !omits.multiprocessors { out.number("sm_count", device.multiprocessors, digits: 0) }
      if !omits.limit { out.number("power_limit_w", device.powerW, digits: 0) }
      if !omits.clocks {
        out.number("clock_mhz", device.clockMHz, digits: 0)
        out.number("mem_clock_mhz", device.model.memoryMHz, digits: 0)
      }
      if !omits.pcie {
        out.integer("pcie_gen", device.model.pcie)
        out.integer("pcie_width", node.machine.pcieWidth)
      }
    }
  }

  private func write(
    _ row: ComputeRows.Benchmark, _ time: Int64, _ writer: inout RecordWriter
  ) {
    writer.record("benchmark", at: time) { out in
      out.text("bench", row.bench.name)
      out.number("value", row.value, digits: row.value < 100 ? 3 : 1)
      out.number("elapsed_ms", row.elapsedMs, digits: 0)
      if row.device >= 0 { out.integer("device_index", row.device) }
      guard !node.omissions.nonce else { return }
      out.text("nonce", WorkHash.hex(row.nonce, 16))
      out.text("result_hash", WorkHash.hex(row.hash, 32))
    }
  }

  private func write(_ row: ComputeRows.Job, _ time: Int64, _ writer: inout RecordWriter) {
    writer.record("job", at: time) { out in
      out.text("job_id", WorkHash.hex(row.id, 20))
      out.text("task", row.task)
      out.text("result_hash", WorkHash.hex(row.hash, 32))
      out.flag("organic", row.isOrganic)
      out.number("elapsed_ms", row.elapsedMs, digits: 0)
      if !node.omissions.cpuTime { out.number("cpu_ms", row.cpuMs, digits: 0) }
      if !node.omissions.expected { out.number("expected_ms", row.expectedMs, digits: 0) }
      if let agreed = row.agreed { out.flag("agreed", agreed) }
    }
  }

  private func write(_ row: ComputeRows.Telemetry, _ time: Int64, _ writer: inout RecordWriter) {
    let omits = node.omissions
    writer.record("telemetry", at: time) { out in
      out.integer("device_index", row.device)
      out.number("util_pct", row.util, digits: 0)
      if !omits.memory { out.number("mem_used_mb", row.memoryMB, digits: 0) }
      if !omits.power { out.number("power_w", row.powerW, digits: 1) }
      if !omits.temperature { out.number("temp_c", row.tempC, digits: 0) }
      if !omits.clocks { out.number("sm_clock_mhz", row.clockMHz, digits: 0) }
    }
  }

  private func write(_ row: ComputeRows.Network, _ time: Int64, _ writer: inout RecordWriter) {
    writer.record("network", at: time) { out in
      out.number("rtt_ms", row.rttMs, digits: 2)
      out.number("up_mbps", row.upMbps, digits: 1)
      out.number("down_mbps", row.downMbps, digits: 1)
      out.text("egress", node.line.egress[row.egress])
      out.text("advertised", node.line.advertised)
    }
  }
}
