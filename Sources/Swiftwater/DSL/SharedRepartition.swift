/// Remembers the repartition topic of a grouping, for the next aggregation of the same one.
final class SharedRepartition<Key, Value> {
    var upstream: Upstream<Key, Value>?
}
