namespace HostAgent.Documents.Internal;

/// <summary>The mistakes found so far, and the budget of the reading that finds them.</summary>
internal sealed class MistakeList(int maximum, ReadingBudget budget)
{
    private readonly List<DocumentMistake> _mistakes = [];
    private int _more;

    public ReadingBudget Budget { get; } = budget;

    /// <summary>Whether further mistakes are only counted; nothing need be worked out for their messages.</summary>
    public bool IsFull => _mistakes.Count >= maximum;

    public void Add(UnreadableException end) => Add(end.At.Line, end.At.Column, end.Path, string.Empty, end.Allowed, end.Message);

    public void Add(DocumentNode at, string path, string value, string allowed, string message)
        => Add(at.At.Line, at.At.Column, path, value, allowed, message);

    public void Add(int line, int column, string path, string value, string allowed, string message)
    {
        if (_mistakes.Count < maximum)
        {
            _mistakes.Add(new DocumentMistake(path, line, column, value, allowed, message));
        }
        else
        {
            _more++;
        }
    }

    public IReadOnlyList<DocumentMistake> InOrder()
    {
        var ordered = _mistakes.OrderBy(mistake => mistake.Line).ThenBy(mistake => mistake.Column).ToList();
        if (_more > 0)
        {
            ordered.Add(new DocumentMistake(string.Empty, 0, 0, string.Empty, string.Empty, $"{_more} more mistakes are not shown; mend these first."));
        }

        return ordered;
    }
}
