namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>The first line: whose past this is.</summary>
internal sealed record HostBegan(DateTimeOffset Time, int Format, string Host, int Seed) : StateRecord(Time)
{
    /// <summary>The format this version writes. It reads all former ones: format 1 knew failbacks only, and no summary; format 2 no changed settings.</summary>
    public const int CurrentFormat = 3;
}
