using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Texts;

namespace HostAgent.Cli.Output;

/// <summary>The return of one machine: what is on both sides, what comes next and why, and what may be decided.</summary>
internal static class ReturnText
{
    /// <summary>Everything about it.</summary>
    public static void Write(CommandEnvironment environment, Return shown)
    {
        var goal = shown is { WayThere: true, Goal: ReturnGoal.Home } ? $"planned drill, to {shown.HomeHost}"
            : shown.Goal == ReturnGoal.Back ? $"back to {shown.RecoveryHost}" : shown.Goal == ReturnGoal.Home ? $"home to {shown.HomeHost}" : EnumWord.Of(shown.Goal);
        Line(environment, $"{shown.VirtualMachineName} ({ResourceName.Id(shown.Name)}), {goal}{(shown.Running ? ", goes on by itself" : "")}");
        var table = ListTable.Create("SITE", "HOST", "NOW");
        table.Row(shown.WayThere ? "from" : "recovery", shown.Recovery.Host, Now(shown.Recovery));
        table.Row(shown.WayThere ? "to" : "home", shown.Home.Host, Now(shown.Home));
        table.WriteBlock(environment);
        if (shown.OutageSince is { } since)
        {
            environment.Output.WriteLine();
            Line(environment, $"THE SERVICE IS DOWN since {Quantity.Instant(since)} ({Quantity.Between(since, null, environment.Time.GetUtcNow())}).");
        }

        if (shown.WayThere)
        {
            environment.Output.WriteLine();
            Line(environment, $"It is the way there of a planned drill: RECOVERY in an answer means {shown.RecoveryHost}, and HOME means {shown.HomeHost}.");
        }

        WriteNext(environment, shown);
        if (shown.Proof is { } proof)
        {
            environment.Output.WriteLine();
            ProofText.Write(environment, [proof]);
        }
    }

    /// <summary>What comes next, or what is being done.</summary>
    public static void WriteNext(CommandEnvironment environment, Return shown)
    {
        environment.Output.WriteLine();
        if (shown.Step is { } step)
        {
            Line(environment, $"Now: {Line(step)}. {step.Explanation}{(step.HasPercentComplete ? $" {step.PercentComplete} %" : "")}");
            return;
        }

        var next = shown.Next;
        var id = MachineOf(shown);
        switch (next.Kind)
        {
            case NextKind.Step:
                Line(environment, $"Next: {next.Code} on {Host(shown, next.Side)}. {next.Explanation}");
                Line(environment, $"Undo: {next.Undo}");
                Line(environment, shown.Campaign.Length > 0
                    ? $"Campaign {ResourceName.Id(shown.Campaign)} goes on with it by itself."
                    : $"Make it with \"failback vm next {id}\", or go on to the end with \"failback vm run {id}\".");
                break;
            case NextKind.Approval:
                Line(environment, $"Needs the approval {next.Gate}: {next.Explanation}");
                Line(environment, $"Give it with \"failback vm approve {id} {next.Gate}\" (evidence {next.Evidence}).");
                break;
            case NextKind.Ask:
                Line(environment, $"Asks {next.Code}: {next.Explanation}");
                var table = ListTable.Create("ANSWER", "WHAT IT DOES", "GIVES UP");
                foreach (var choice in next.Choices)
                {
                    table.Row(choice.Verb, choice.Explanation, choice.Loses == ReturnSide.Unspecified ? "" : $"writes at {Host(shown, choice.Loses)}");
                }

                table.WriteBlock(environment);
                environment.Output.WriteLine();
                Line(environment, $"Answer with \"failback vm answer {id} ANSWER\" (evidence {next.Evidence}); --reason says how it is known.");
                break;
            case NextKind.Wait:
                Line(environment, $"Waits, {next.Code}: {next.Explanation}{(next.Until is { } until ? $" Something else is decided at {Quantity.Instant(until)} at the latest." : "")}");
                break;
            case NextKind.Done:
                Line(environment, $"Done, {next.Code}: {next.Explanation}");
                break;
            case NextKind.Refused:
                Line(environment, $"Refused, {next.Code}: {next.Explanation}");
                break;
            default:
                Line(environment, next.Explanation);
                break;
        }
    }

    /// <summary>A list of returns.</summary>
    public static void WriteList(CommandEnvironment environment, IReadOnlyList<Return> returns)
    {
        var table = ListTable.Create("MACHINE", "FROM", "TO", "GOAL", "STATE", "BEGUN", "ENDED");
        foreach (var one in returns)
        {
            table.Row(
                one.VirtualMachineName, one.RecoveryHost, one.HomeHost, EnumWord.Of(one.Goal),
                one.Next.Kind is NextKind.Done or NextKind.Refused ? one.Next.Code : one.Step is { } step ? step.Kind : one.Running ? "RUNNING" : "OPEN",
                Quantity.Instant(one.CreateTime), Quantity.Instant(one.EndTime));
        }

        table.Write(environment);
    }

    /// <summary>The machine as a command line takes it.</summary>
    public static string MachineOf(Return shown)
        => VisibleText.Line(CommandText.Machine(shown.VirtualMachineName, ResourceName.Id(shown.Name)));

    /// <summary>One step in a line.</summary>
    public static string Line(ReturnStep step) => $"step {step.Number} {step.Kind} at {EnumWord.Of(step.Side).ToLowerInvariant()}";

    private static string Host(Return shown, ReturnSide side) => side == ReturnSide.Recovery ? shown.Recovery.Host : shown.Home.Host;

    private static string Now(SideState side) => $"{side.Summary}{(side.StatedOff ? "; stated to be off" : "")}";

    private static void Line(CommandEnvironment environment, string text) => environment.Output.WriteLine(VisibleText.Line(text));
}
