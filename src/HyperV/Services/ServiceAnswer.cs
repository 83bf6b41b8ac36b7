using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failback;

namespace HostAgent.HyperV.Services;

/// <summary>What a method of the replication service answered.</summary>
/// <param name="Code">The return code; a number without a name stays a number.</param>
/// <param name="Job">The job's path; the documentation promises one with 4096 only.</param>
public sealed record ServiceAnswer(ReturnCode Code, CimObjectPath? Job)
{
    /// <summary>What the code means to a caller.</summary>
    public ReturnCodeMeaning Meaning => ReturnCodeMeaning.Of(Code);
}
