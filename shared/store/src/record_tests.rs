//! Every row of the record's transition table.
