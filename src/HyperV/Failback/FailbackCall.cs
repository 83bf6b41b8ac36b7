using HostAgent.HyperV.Cim;
using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.HyperV.Failback;

/// <summary>The inputs of <c>Msvm_ReplicationService.InitiateFailback</c>.</summary>
/// <param name="VirtualMachine">The recovery machine (input ComputerSystem).</param>
/// <param name="ReplicationSettingData">
/// The failback settings as embedded-instance text (input ReplicationSettingData), from
/// <see cref="Replication.ReplicationSettingData.ToEmbeddedText"/> or supplied by the caller.
/// </param>
/// <param name="RecoveryPointIdentifier">The recovery point to go back to; null omits the input, which means the latest.</param>
public sealed record FailbackCall(VirtualMachineId VirtualMachine, string ReplicationSettingData, string? RecoveryPointIdentifier = null);

/// <summary>The host's answer to <c>InitiateFailback</c>.</summary>
/// <param name="Code">The return code; unnamed numbers are kept.</param>
/// <param name="Job">The job's path; documented for 4096 only.</param>
public sealed record FailbackAnswer(ReturnCode Code, CimObjectPath? Job)
{
    /// <summary>The return code as the host's number.</summary>
    public uint Number => (uint)Code;

    /// <summary>What the code means for the caller.</summary>
    public ReturnCodeMeaning Meaning => ReturnCodeMeaning.Of(Code);
}

/// <summary>The host has no <c>Msvm_ReplicationService</c>. No call was made.</summary>
public sealed class ReplicationServiceMissingException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ReplicationServiceMissingException()
        : base("The host has no Msvm_ReplicationService: the Hyper-V Virtual Machine Management service is not running, "
            + "or the account is not in Hyper-V Administrators (such an account sees no instances and no error).")
    {
    }
}
