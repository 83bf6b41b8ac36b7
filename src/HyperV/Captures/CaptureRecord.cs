using HostAgent.HyperV.Cim;

namespace HostAgent.HyperV.Captures;

/// <summary>One line of a capture: what a host showed.</summary>
public abstract record CaptureRecord;

/// <summary>The first line.</summary>
/// <param name="Machine">The virtual machine that was captured.</param>
/// <param name="StartedAt">When.</param>
/// <param name="IsAnonymized">Whether names and addresses were replaced.</param>
public sealed record CaptureStart(Guid Machine, DateTimeOffset StartedAt, bool IsAnonymized) : CaptureRecord
{
    /// <summary>The version of the format.</summary>
    public const int Version = 1;
}

/// <summary>The instances of a class that concern the machine or the host.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="ClassName">The class that was listed, subclasses included.</param>
/// <param name="Instances">The instances.</param>
public sealed record CapturedListing(string Namespace, string ClassName, IReadOnlyList<CimInstance> Instances) : CaptureRecord;

/// <summary>What an association ties to an object.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Source">The object.</param>
/// <param name="Association">The association's class.</param>
/// <param name="ResultClass">The class that was asked for, subclasses included.</param>
/// <param name="Instances">The instances.</param>
public sealed record CapturedAssociation(
    string Namespace, CimObjectPath Source, string Association, string ResultClass, IReadOnlyList<CimInstance> Instances) : CaptureRecord;

/// <summary>A read that the host refused: a namespace or a class that it does not have, for example.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="ClassName">The class, or the association.</param>
/// <param name="ErrorCode">The HRESULT.</param>
public sealed record CapturedRefusal(string Namespace, string ClassName, uint ErrorCode) : CaptureRecord;

/// <summary>A change while the capture ran.</summary>
/// <param name="After">How long after the start it was seen.</param>
/// <param name="Kind">The kind of change.</param>
/// <param name="Instance">The instance after it, or as last seen.</param>
public sealed record CapturedChange(TimeSpan After, CimInstanceEventKind Kind, CimInstance Instance) : CaptureRecord;

/// <summary>The host did not answer while the capture ran: its management service was stopped, for example. Said once until it answers again.</summary>
/// <param name="After">How long after the start.</param>
/// <param name="ErrorCode">The HRESULT.</param>
public sealed record CapturedOutage(TimeSpan After, uint ErrorCode) : CaptureRecord;
