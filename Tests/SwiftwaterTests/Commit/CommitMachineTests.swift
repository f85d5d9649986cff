import Testing

@testable import Swiftwater

/// The order of a commit.
struct CommitMachineTests {
    private func steps(isTransactional: Bool, tasks: Int) -> [CommitMachine.Step] {
        var machine = CommitMachine(isTransactional: isTransactional, tasks: tasks)
        var steps: [CommitMachine.Step] = []
        while machine.step != .done {
            steps.append(machine.step)
            machine.finished()
        }
        return steps
    }

    @Test func `S-98 R-09 one transaction ends for all tasks, and then their stores are written`() {
        #expect(
            steps(isTransactional: true, tasks: 2) == [
                .flush, .deliver, .sendOffsets, .endTransaction, .persist(task: 0), .persist(task: 1),
            ])
    }

    @Test func `R-08 stores are written last, after the group has the offsets`() {
        #expect(steps(isTransactional: false, tasks: 1) == [.flush, .deliver, .commitOffsets, .persist(task: 0)])
    }
}
