/// A stream that is being cut into branches; the counterpart of `BranchedKStream`.
///
/// Branches are tried in the order in which they are named.
public struct BranchedKStream<Key, Value> {
    @usableFromInline let stream: KStream<Key, Value>
    @usableFromInline let name: String
    @usableFromInline let offers: Upstream<Key, BranchOffer<Value>>
    @usableFromInline var branches: [String: KStream<Key, Value>] = [:]
    @usableFromInline var count = 0

    @usableFromInline
    init(stream: KStream<Key, Value>, name: String, offers: Upstream<Key, BranchOffer<Value>>) {
        self.stream = stream
        self.name = name
        self.offers = offers
    }

    /// A branch for the records for which the predicate holds, found in the result under the split's name and its own.
    ///
    /// - Parameters:
    ///   - branchName: what its name ends with; nil takes its position, from 1.
    ///   - predicate: says which records it takes.
    @inlinable
    public func branch(
        _ branchName: String? = nil,
        _ predicate: @escaping @Sendable (Key, Value) throws -> Bool
    ) -> BranchedKStream {
        adding(branchName, predicate) { $0 }
    }

    /// A branch that is chained on at once.
    ///
    /// - Parameters:
    ///   - branchName: what its name ends with; nil takes its position, from 1.
    ///   - predicate: says which records it takes.
    ///   - chain: gets the branch; the stream that it gives stands in the result.
    @inlinable
    public func branch(
        _ branchName: String? = nil,
        _ predicate: @escaping @Sendable (Key, Value) throws -> Bool,
        chain: (KStream<Key, Value>) -> KStream<Key, Value>
    ) -> BranchedKStream {
        adding(branchName, predicate, chain: chain)
    }

    /// A branch that is used up at once, and is not in the result.
    ///
    /// - Parameters:
    ///   - branchName: what its name ends with; nil takes its position, from 1.
    ///   - predicate: says which records it takes.
    ///   - consume: gets the branch.
    @inlinable
    public func branch(
        _ branchName: String? = nil,
        _ predicate: @escaping @Sendable (Key, Value) throws -> Bool,
        consume: (KStream<Key, Value>) -> Void
    ) -> BranchedKStream {
        adding(branchName, predicate) { branch in
            consume(branch)
            return nil
        }
    }

    /// The branches by name, with one for the records that no other took.
    ///
    /// - Parameter branchName: what its name ends with; nil is `0`.
    @inlinable
    public func defaultBranch(_ branchName: String? = nil) -> [String: KStream<Key, Value>] {
        let name = name + (branchName ?? "0")
        var branches = branches
        branches[name] = stream.branch(name, of: offers, valueSerde: stream.valueSerde, .passes) { _, value in value }
        return branches
    }

    /// The branches by name; records that none took end here.
    @inlinable
    public func noDefaultBranch() -> [String: KStream<Key, Value>] { branches }

    @inlinable
    func adding(
        _ branchName: String?,
        _ predicate: @escaping @Sendable (Key, Value) throws -> Bool,
        chain: (KStream<Key, Value>) -> KStream<Key, Value>?
    ) -> BranchedKStream {
        var next = self
        next.count += 1
        let name = name + (branchName ?? String(next.count))
        let branch: KStream<Key, Value> = stream.branch(name, of: offers, valueSerde: stream.valueSerde, .passes) {
            key, value in
            try predicate(key, value) ? .some(value) : nil
        }
        if let chained = chain(branch) { next.branches[name] = chained }
        return next
    }
}
