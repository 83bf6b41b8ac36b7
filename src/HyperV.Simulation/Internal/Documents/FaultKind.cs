using HostAgent.Documents;
using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.HyperV.Simulation.Internal.Documents;

/// <summary>How one kind of fault stands in a document.</summary>
/// <param name="Name">The value of <c>kind</c>.</param>
/// <param name="Keys">Its other keys.</param>
/// <param name="Read">Builds the fault, asking for every key.</param>
/// <param name="Write">Its keys and values, in order, null for what is left out; null for a fault of another kind.</param>
internal sealed record FaultKind(
    string Name, IReadOnlyList<string> Keys, Func<MappingReader, Fault> Read, Func<Fault, IReadOnlyList<(string Key, object? Value)>?> Write)
{
    /// <summary>Whether only hosts can have it.</summary>
    public bool HostOnly { get; init; }
}
