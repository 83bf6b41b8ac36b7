using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Texts;

namespace HostAgent.Cli.Output;

/// <summary>What tests have shown of replicas.</summary>
internal static class ProofText
{
    /// <summary>Everything that is known of a few machines.</summary>
    public static void Write(CommandEnvironment environment, IReadOnlyList<MachineProof> proofs)
    {
        foreach (var proof in proofs)
        {
            Line(environment, $"Tests of {proof.VirtualMachineName}{(proof.Host.Length > 0 ? $", whose replica is on {proof.Host}" : "")}: {EnumWord.Of(proof.State)}");
            if (proof.Passed is { } passed)
            {
                Line(environment, $"Passed {Quantity.Instant(passed.VerdictTime)}, counts until {Quantity.Instant(passed.ValidUntil)}: {About(passed)}");
            }

            if (proof.Failed is { } failed)
            {
                Line(environment, $"Failed {Quantity.Instant(failed.VerdictTime)}: {About(failed)}");
            }
        }
    }

    /// <summary>A list of machines.</summary>
    public static void WriteList(CommandEnvironment environment, IReadOnlyList<MachineProof> proofs)
    {
        var table = ListTable.Create("MACHINE", "REPLICA ON", "STATE", "PASSED", "COUNTS UNTIL", "FAILED", "WHY");
        foreach (var proof in proofs)
        {
            table.Row(
                proof.VirtualMachineName, proof.Host, EnumWord.Of(proof.State), Quantity.Instant(proof.Passed?.VerdictTime), Quantity.Instant(proof.Passed?.ValidUntil),
                Quantity.Instant(proof.Failed?.VerdictTime), proof.State == ProofState.Failed ? proof.Failed!.Explanation : "");
        }

        table.Write(environment);
    }

    private static string About(ReplicaTest test)
    {
        var network = test.VirtualSwitch.Length > 0 ? $"switch {test.VirtualSwitch} ({test.Isolation})" : test.Isolation;
        var changes = test.ReplicaTime is { } time ? $", changes up to {Quantity.Instant(time)}" : "";
        var owner = test.Owner.Length > 0 ? $" for {test.Owner}" : "";
        return $"{test.Explanation} On {test.Host}{(network.Length > 0 ? $", {network}" : "")}{changes}, in {Quantity.Clock(test.Took.ToTimeSpan())}, by {test.TestedBy}{owner} ({test.Drill}).";
    }

    private static void Line(CommandEnvironment environment, string text) => environment.Output.WriteLine(VisibleText.Line(text));
}
