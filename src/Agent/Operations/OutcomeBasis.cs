namespace HostAgent.Agent.Operations;

/// <summary>What an outcome rests on. The numbers equal those of the contract.</summary>
internal enum OutcomeBasis
{
    /// <summary>The return code of the method.</summary>
    ReturnCode = 1,

    /// <summary>The end of the job, as the host reported it.</summary>
    Job = 2,

    /// <summary>The job was gone; the machine's replication state decided.</summary>
    ReplicationState = 3,

    /// <summary>Nothing on the host decides.</summary>
    None = 4,

    /// <summary>A person's request, before the host had been asked for anything.</summary>
    Request = 5,

    /// <summary>The readiness checks made again immediately before the call.</summary>
    Readiness = 6,
}
