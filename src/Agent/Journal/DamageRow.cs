using HostAgent.Agent.Operations.Model;

namespace HostAgent.Agent.Journal;

/// <summary>A row of the damages table, as Dapper fills it.</summary>
internal sealed class DamageRow
{
    public const string Columns = "find_time AS FindTime, set_aside AS SetAside, explanation AS Explanation, operations_missing AS OperationsMissing";

    public long FindTime { get; init; }

    public string SetAside { get; init; } = "";

    public string Explanation { get; init; } = "";

    public long OperationsMissing { get; init; }

    public JournalDamage ToDamage() => new(new DateTimeOffset(FindTime, TimeSpan.Zero), SetAside, Explanation, OperationsMissing != 0);
}
