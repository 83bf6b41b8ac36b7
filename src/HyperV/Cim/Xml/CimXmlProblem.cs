namespace HostAgent.HyperV.Cim.Xml;

/// <summary>The kinds of error in embedded instance text.</summary>
public enum CimXmlProblem
{
    /// <summary>The text is not XML, or not the XML of an instance.</summary>
    Malformed,

    /// <summary>The text is longer or deeper than allowed, or asks for a DTD or an entity.</summary>
    Refused,

    /// <summary>The value of a property does not have the type that goes with it.</summary>
    WrongType,
}
