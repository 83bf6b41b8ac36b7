using System.Text.Json.Serialization;

namespace HostAgent.HyperV.Simulation.Internal.Records;

/// <summary>One line of the state file: something that the host decided, or that happened to it.</summary>
/// <param name="Time">When, on the host's clock. Never before the line above.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(HostBegan), "hostBegan")]
[JsonDerivedType(typeof(HostSummary), "hostSummary")]
[JsonDerivedType(typeof(PaceSet), "paceSet")]
[JsonDerivedType(typeof(CallRefused), "callRefused")]
[JsonDerivedType(typeof(FailbackInitiated), "failbackInitiated")]
[JsonDerivedType(typeof(OtherJobStarted), "otherJobStarted")]
[JsonDerivedType(typeof(MachineChanged), "machineChanged")]
[JsonDerivedType(typeof(JobTerminationAccepted), "jobTerminationAccepted")]
[JsonDerivedType(typeof(JobEnded), "jobEnded")]
[JsonDerivedType(typeof(JobVanished), "jobVanished")]
[JsonDerivedType(typeof(ReplicationServerChanged), "replicationServerChanged")]
[JsonDerivedType(typeof(HostRestarted), "hostRestarted")]
internal abstract record StateRecord(DateTimeOffset Time);
