namespace HostAgent.Conformance.Abuse;

/// <summary>Tests that measure what the whole process does: they run one after the other, when nothing else runs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class AloneCollection
{
    public const string Name = "Alone";
}
