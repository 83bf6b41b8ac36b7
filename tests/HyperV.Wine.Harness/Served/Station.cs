namespace HostAgent.HyperV.Wine.Harness.Served;

/// <summary>The places where a call passes and where a case may interfere.</summary>
internal enum Station
{
    /// <summary>Somebody connects to the namespace.</summary>
    Connect,

    /// <summary>An instance or a class is read; the subject is its path.</summary>
    Get,

    /// <summary>A query is accepted; the subject is its text.</summary>
    Query,

    /// <summary>A query's next row is asked for; the subject is the row's number, from 0.</summary>
    Row,

    /// <summary>A method is called; the subject is its name. The method has not run.</summary>
    Method,

    /// <summary>A method has run and its answer is under way; the subject is its name.</summary>
    MethodAnswer,

    /// <summary>A watch is armed; the subject is the query's text.</summary>
    Watch,

    /// <summary>A watch's next event is asked for.</summary>
    Event,
}
