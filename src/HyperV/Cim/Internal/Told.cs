namespace HostAgent.HyperV.Cim.Internal;

/// <summary>What a neighbour namespace told.</summary>
/// <param name="Value">What it told; null when it did not.</param>
/// <param name="IsAbsent">Whether the host does not have the namespace.</param>
/// <param name="WhyNot">Why it told nothing though it may be there, in words; null otherwise.</param>
internal sealed record Told<T>(T? Value, bool IsAbsent = false, string? WhyNot = null)
    where T : class;
