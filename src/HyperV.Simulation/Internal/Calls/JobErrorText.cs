using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Simulation.Internal.Model;
using HostAgent.HyperV.Simulation.Internal.World;

namespace HostAgent.HyperV.Simulation.Internal.Calls;

/// <summary>A job's error as the text of an embedded Msvm_Error.</summary>
internal static class JobErrorText
{
    private const uint CimStatusFailed = 1;

    /// <summary>The text; null when the job has no error.</summary>
    public static string? Of(HostWorld world, Job job)
    {
        if (JobError.Of(job) is not { } error)
        {
            return null;
        }

        return HostXml.Write(new CimInstance(path: null, "Msvm_Error", new Dictionary<string, object?>
        {
            ["ErrorType"] = (ushort)4,
            ["OwningEntity"] = "Microsoft Hyper-V",
            ["MessageID"] = "33680",
            ["Message"] = HostLanguage.Text(world, error.Message),
            ["MessageArguments"] = new[] { job.Machine.Name, CimText.Guid(job.Machine.Id) },
            ["PerceivedSeverity"] = (ushort)(job.EndsWell ? 2 : 4),
            ["ProbableCause"] = (ushort)0,
            ["ErrorSource"] = new JobClass(job.ClassName).PathOf(world, job).ToString(),
            ["ErrorSourceFormat"] = (ushort)0,
            ["CIMStatusCode"] = CimStatusFailed,
            ["CIMStatusCodeDescription"] = HostLanguage.Text(world, error.Summary),
        }));
    }
}
