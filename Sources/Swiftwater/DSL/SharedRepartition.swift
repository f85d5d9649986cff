/// Remembers the repartition topic of a grouping, for the next aggregation of the same one.
@usableFromInline
final class SharedRepartition<Key, Value> {
    @usableFromInline var upstream: Upstream<Key, Value>?

    @usableFromInline
    init() {}
}
