//! flaretop: a terminal dashboard for better-ccflare.
//!
//! It polls a running server's list of accounts, shows each with its auto-refresh state and a countdown to its reset, switches
//! auto-refresh with one key, and shows the server's refresh events beside the table.
//!
//! ```text
//! better-ccflare ──HTTP, SSE──▶ client ──Msg──▶ update(&mut State, now, Msg) ──Effect──▶ runtime ──▶ client, terminal
//!                                                      │
//!                                                      └── State ──▶ view(&State, area, buf) ──▶ frame
//! ```
//!
//! One direction, one queue, one place with side effects: [`app`] decides, [`runtime`] does, [`view`] shows.

pub mod api;
pub mod app;
pub mod cli;
pub mod client;
pub mod config;
pub mod demo;
pub mod keymap;
pub mod layout;
pub mod model;
mod nearest;
pub mod runtime;
pub mod view;
