import Foundation

/// What else runs on the machine.
enum MachineLoad {
    static func warn() {
        var averages = [0.0]
        guard getloadavg(&averages, 1) == 1, averages[0] > 0.75 else { return }
        let load = String(format: "%.1f", averages[0])
        Progress.note("other programs are at work (load \(load)): records/s will be too low, CPU a record less so")
    }
}
