using Google.Protobuf.WellKnownTypes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Drills;

namespace HostAgent.Coordinator.Services;

/// <summary>Writes proofs as messages.</summary>
internal static class ProofMapper
{
    /// <summary>What is known of a machine.</summary>
    public static Contracts.Campaigns.V1.MachineProof ToMessage(ListedProof listed, string name, MachineProofs? known) => new()
    {
        VirtualMachineId = listed.Machine.ToString("D"),
        VirtualMachineName = name,
        Host = listed.Host,
        State = listed.State,
        Passed = TestOf(known?.Passed),
        Failed = TestOf(known?.Failed),
    };

    /// <summary>What is known of a machine; null when it was never tested.</summary>
    public static Contracts.Campaigns.V1.MachineProof? ToMessage(MachineProofs known, DateTimeOffset now) => (known.Passed ?? known.Failed) is not { } any ? null : ToMessage(
        new ListedProof(known.Machine, any.MachineName, "", ProofListing.StateOf(new ProofDates(known.Machine, known.Passed?.VerdictTime, known.Passed?.ValidUntil, known.Failed?.VerdictTime), now)),
        any.MachineName,
        known);

    /// <summary>One test; null when there was none.</summary>
    public static ReplicaTest? TestOf(Drills.MachineProof? proof) => proof is null ? null : new ReplicaTest
    {
        Drill = proof.DrillName,
        Host = proof.Host,
        VerdictTime = proof.VerdictTime.ToTimestamp(),
        ValidUntil = proof.ValidUntil?.ToTimestamp(),
        ReplicaTime = proof.ReplicaTime?.ToTimestamp(),
        TestedBy = proof.By,
        Owner = proof.For,
        Isolation = proof.Isolation,
        VirtualSwitch = proof.Switch,
        Heartbeat = proof.Heartbeat,
        ApplicationCheck = proof.ApplicationCheck,
        Took = (proof.VerdictTime - proof.BeginTime).ToDuration(),
        Explanation = proof.Explanation,
    };
}
