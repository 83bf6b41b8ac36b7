namespace HostAgent.Campaigns.Planning;

/// <summary>Allows an item to start, or says why not.</summary>
public interface IMachineGate
{
    /// <summary>Asks for an item that is about to start. An item that is allowed holds its machine from this moment on.</summary>
    /// <param name="item">The item.</param>
    /// <returns>Null when it may start.</returns>
    MachineObstacle? Enter(PlannedItem item);
}

/// <summary>Why an item may not start: another copy of its machine.</summary>
/// <param name="Explanation">One sentence.</param>
/// <param name="IsFinal">Whether the other copy has been failed back, so that waiting does not help.</param>
public sealed record MachineObstacle(string Explanation, bool IsFinal);
