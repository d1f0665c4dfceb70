"""All contests in one run: the tables of the documents, and the history of their figures."""
