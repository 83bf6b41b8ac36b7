using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Texts;

namespace HostAgent.Cli.Output;

/// <summary>Drills of single machines.</summary>
internal static class DrillText
{
    /// <summary>One drill.</summary>
    public static void Write(CommandEnvironment environment, Drill shown)
        => environment.Output.WriteLine(VisibleText.Line($"{EnumWord.Of(shown.State)}: {shown.VirtualMachineName}, the replica on {shown.Host}{(shown.VirtualSwitch.Length > 0 ? $", at switch {shown.VirtualSwitch}" : "")}. {shown.Explanation}"));

    /// <summary>A list of drills.</summary>
    public static void WriteList(CommandEnvironment environment, IReadOnlyList<Drill> drills)
    {
        var table = ListTable.Create("DRILL", "MACHINE", "HOST", "STATE", "STARTED", "ENDED", "WHY");
        foreach (var one in drills)
        {
            table.Row(one.Name, one.VirtualMachineName, one.Host, EnumWord.Of(one.State), Quantity.Instant(one.CreateTime), Quantity.Instant(one.EndTime), one.Explanation);
        }

        table.Write(environment);
    }
}
