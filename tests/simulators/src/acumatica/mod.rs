//! Acumatica.
