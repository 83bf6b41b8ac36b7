using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Failback;

/// <summary>What the host answered to <c>InitiateFailback</c>.</summary>
/// <param name="Code">The return code; a number without a name stays a number.</param>
/// <param name="Job">The job's path; the documentation promises one with 4096 only.</param>
public sealed record FailbackAnswer(ReturnCode Code, CimObjectPath? Job)
{
    /// <summary>The return code as the host's number.</summary>
    public uint Number => (uint)Code;

    /// <summary>What the code means to a caller.</summary>
    public ReturnCodeMeaning Meaning => ReturnCodeMeaning.Of(Code);
}
